import { AppError } from '#shared/errors/AppError.ts';
import { createCharacter, createScene } from '#shared/story/create.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { hang, type OpenStory, openStory } from '../openStory.ts';
import { explain } from '../output.ts';
import { titleFrom } from '../storyState.ts';

/**
 * What a captioner sees in a picture that was just added; empty, with a remark why, where no model can say. A picture is
 * never refused for want of a model.
 */
async function seen(context: CliContext, story: OpenStory, imageId: ImageId): Promise<string> {
  try {
    const { studio } = story.open;
    const { description } = await studio.services.tasks.describe(
      { sessionId: story.session.id, imageId, style: 'detailed' },
      context.signal,
    );
    return description;
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!/^(?:task|model|engine)\//.test(error.code) || error.code === 'task/cancelled') throw error;
    const { title, facts, next } = explain(error, context.uiLanguage);
    context.output.note(context.words.noDescription([title, ...facts, next].join('. ')));
    return '';
  }
}

/** `character add <name>`: a new character, or the one of that name with another description or picture. */
export async function addCharacterCommand(
  context: CliContext,
  name: string,
  options: { description: string | undefined; visual: string | undefined; image: string | undefined },
): Promise<CliResult> {
  const story = await openStory(context);
  const { characters, characterOrder } = story.session.story;
  const known = characterOrder
    .flatMap((id) => characters[id] ?? [])
    .find((character) => character.name === name);
  const picture = options.image === undefined ? null : await story.importPicture(options.image);
  const visualDescription =
    options.visual ?? (picture === null ? undefined : (await seen(context, story, picture.id)) || undefined);
  const patch = {
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(visualDescription === undefined ? {} : { visualDescription }),
    ...(picture === null ? {} : { portrait: picture.id }),
  };
  const id = known?.id ?? null;
  if (id !== null) {
    if (Object.keys(patch).length > 0) await story.apply({ kind: 'character.update', id, patch });
  } else {
    const character = createCharacter({ name, ...patch });
    await story.apply({ kind: 'character.add', character, index: characterOrder.length });
    if (picture) await hang(story, { kind: 'character', id: character.id }, picture.id, 'portrait');
  }
  if (id !== null && picture) await hang(story, { kind: 'character', id }, picture.id, 'portrait');
  const message = known ? context.words.updatedCharacter(name) : context.words.addedCharacter(name);
  return success(message, {
    name,
    image: picture?.file ?? null,
    ...(visualDescription === undefined ? {} : { visual_description: visualDescription }),
  });
}

/** `scene add <description>`: a new scene at the end of the story. */
export async function addSceneCommand(
  context: CliContext,
  description: string,
  options: { title: string | undefined; image: string | undefined },
): Promise<CliResult> {
  const story = await openStory(context);
  const { language, outline } = story.session.story;
  const picture = options.image === undefined ? null : await story.importPicture(options.image);
  const visual = picture === null ? '' : await seen(context, story, picture.id);
  const scene = createScene({
    lang: language,
    title: options.title ?? titleFrom(description),
    summary: description,
  });
  const last = outline.at(-1);
  const place =
    last && last.kind === 'chapter'
      ? { parentId: last.id, index: last.children.length }
      : { parentId: null, index: outline.length };
  await story.apply({ kind: 'scene.add', scene, ...place });
  if (picture) await hang(story, { kind: 'scene', id: scene.id }, picture.id, 'illustration');
  const index = story.scenes().findIndex(({ id }) => id === scene.id);
  return success(context.words.addedScene(index + 1), {
    scene_index: index,
    id: scene.id,
    image: picture?.file ?? null,
    ...(visual === '' ? {} : { visual_description: visual }),
  });
}
