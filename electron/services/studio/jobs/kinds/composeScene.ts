import { AppError } from '#shared/errors/AppError.ts';
import type { ComposePurpose } from '#shared/models/compose.ts';
import type { SceneText } from '#shared/models/job.ts';
import { SceneId } from '#shared/story/ids.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { Session } from '../../session.ts';
import type { createTasksService } from '../../tasks/createTasksService.ts';

/** What composes for jobs: the studio's tasks. */
export type Composer = Pick<ReturnType<typeof createTasksService>, 'compose'>;

export interface SceneWish {
  /** The scene's id. */
  readonly item: string;
  readonly purpose: ComposePurpose;
  /** The language of what is written. */
  readonly languageFor: (scene: Scene) => Language;
}

/** Has a whole text about a scene made. Errors: task/*, model/*, engine/*; input/invalid where the scene is gone or empty. */
export async function composeScene(
  tasks: Composer,
  session: Session,
  { item, purpose, languageFor }: SceneWish,
  signal: AbortSignal,
): Promise<SceneText> {
  const id = SceneId.safeParse(item);
  const scene = id.success ? session.story.scenes[id.data] : undefined;
  if (!scene) throw new AppError('input/invalid', 'No such scene', { details: { sceneId: item } });
  const asked = {
    sessionId: session.id,
    sceneId: scene.id,
    purpose,
    language: languageFor(scene),
    instruction: '',
    source: '',
    modelId: null,
    sampling: {},
  };
  let text = '';
  for await (const event of tasks.compose(asked, signal)) {
    if (event.type === 'text') text += event.text;
    if (event.type !== 'done') continue;
    const { modelId, finish } = event;
    if (text.trim() !== '') return { text: text.trim(), modelId, isCutOff: finish === 'length' };
    throw new AppError('task/empty-answer', 'The model said nothing', { details: { modelId } });
  }
  throw new AppError('internal/unexpected', 'The text came to no end');
}
