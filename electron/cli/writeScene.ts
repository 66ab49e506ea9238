import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Sampling, WriteEvent } from '#shared/models/task.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { CliContext } from './context.ts';
import type { OpenStory } from './openStory.ts';

export interface WriteOptions {
  readonly instruction: string;
  readonly modelId: ModelId | null;
  readonly sampling: Partial<Sampling>;
  /** `always` keeps what was written even when it was stopped, `whole` only what was finished. */
  readonly keep: 'always' | 'whole' | 'never';
  /** Takes the text as it comes. */
  readonly show: (text: string) => void;
}

export interface WrittenScene {
  /** Only the new text. */
  readonly content: string;
  readonly done: Extract<WriteEvent, { type: 'done' }>;
}

/** Streams a passage to the end of a scene and keeps it. Errors: task/*, model/*, engine/*; task/cancelled when stopped. */
export async function writeScene(
  context: CliContext,
  story: OpenStory,
  scene: Scene,
  { instruction, modelId, sampling, keep, show }: WriteOptions,
): Promise<WrittenScene> {
  const before = await story.textOf(scene);
  const { tasks } = story.open.studio.services;
  let content = '';
  let done: WrittenScene['done'] | null = null;
  let failure: AppError | null = null;
  try {
    const request = {
      sessionId: story.session.id,
      sceneId: scene.id,
      instruction,
      at: null,
      modelId,
      sampling,
    };
    for await (const event of tasks.write(request, context.signal)) {
      context.output.event(event);
      if (event.type === 'text') {
        content += event.text;
        show(event.text);
      } else if (event.type === 'done') done = event;
    }
  } catch (thrown) {
    failure = context.signal.aborted
      ? new AppError('task/cancelled', 'Stopped', { cause: thrown })
      : AppError.from(thrown);
  }
  if (content !== '') show('\n');
  const stopped = failure !== null || done === null || done.finish === 'cancelled';
  if (content !== '' && (keep === 'always' || (keep === 'whole' && !stopped))) {
    const inserted = before === '' ? `${content.trim()}\n` : content;
    await story.apply({
      kind: 'text.edit',
      id: scene.id,
      edits: [{ at: before.length, removed: '', inserted }],
    });
    if (scene.status === 'idea') {
      await story.apply({ kind: 'scene.update', id: scene.id, patch: { status: 'draft' } });
    }
  }
  if (failure) throw failure;
  if (done === null || stopped) throw new AppError('task/cancelled', 'Stopped');
  return { content: content.trim(), done };
}
