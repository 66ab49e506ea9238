import { AppError } from '#shared/errors/AppError.ts';
import { ImageId } from '#shared/story/ids.ts';
import { undescribed } from '#shared/story/undescribed.ts';
import type { createTasksService } from '../../tasks/createTasksService.ts';
import type { JobKind } from '../JobKind.ts';

/** Has a model that sees propose an alt text or a caption for each picture. */
export function describePictures(
  tasks: Pick<ReturnType<typeof createTasksService>, 'describe'>,
): JobKind<'describe-pictures'> {
  return {
    lane: 'engine',
    plan: ({ story }, { style, language }) => undescribed(story, style, language),
    async run(item, { session, options: { style, language }, signal }) {
      const imageId = ImageId.safeParse(item);
      if (!imageId.success) throw new AppError('input/invalid', 'Not the name of a picture');
      const { description, modelId } = await tasks.describe(
        { sessionId: session.id, imageId: imageId.data, style, language },
        signal,
      );
      const text = description.trim();
      if (text === '')
        throw new AppError('task/empty-answer', 'The model said nothing', { details: { modelId } });
      return { text, modelId };
    },
  };
}
