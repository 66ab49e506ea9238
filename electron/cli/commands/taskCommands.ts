import { readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId } from '#shared/models/manifest.ts';
import type { RankCandidate, RankedImage, Sampling } from '#shared/models/task.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { countText } from '#shared/text/counts.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import { completeStoryMarkdown } from '../../services/studio/books/completeStory.ts';
import { sha256 } from '../../services/studio/disk/atomicSave.ts';
import { diskError } from '../../services/studio/disk/diskError.ts';
import { passageOf } from '../../services/studio/tasks/sceneContext.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { hang, type OpenStory, openStory } from '../openStory.ts';
import { writeScene } from '../writeScene.ts';
import { writeResult } from './storyCommands.ts';

export interface SamplingOptions {
  readonly model: string | undefined;
  readonly maxTokens: number | undefined;
  readonly seed: number | undefined;
  readonly temperature: number | undefined;
}

const samplingOf = ({ maxTokens, seed, temperature }: SamplingOptions): Partial<Sampling> => ({
  ...(maxTokens === undefined ? {} : { maxTokens }),
  ...(seed === undefined ? {} : { seed }),
  ...(temperature === undefined ? {} : { temperature }),
});

function modelNamed(name: string | undefined): ModelId | null {
  if (name === undefined) return null;
  const id = ModelId.safeParse(name);
  if (id.success) return id.data;
  throw new AppError('model/unknown', `"${name}" is no name of a model`, { details: { model: name } });
}

/** `write <scene>`: streams the text; keeps it unless `dryRun`. Stopped with Ctrl-C, what has come is kept. */
export async function writeCommand(
  context: CliContext,
  sceneName: string,
  options: SamplingOptions & { instruction: string; dryRun: boolean },
): Promise<CliResult> {
  const story = await openStory(context);
  const scene = story.scene(sceneName);
  const { content, done } = await writeScene(context, story, scene, {
    instruction: options.instruction,
    modelId: modelNamed(options.model),
    sampling: samplingOf(options),
    keep: options.dryRun ? 'never' : 'always',
    show: context.output.stream,
  });
  const index = story.scenes().findIndex(({ id }) => id === scene.id);
  const message = options.dryRun
    ? context.words.notKept
    : context.words.written(index + 1, countText(content).words, done.modelId);
  return success(message, { scene_index: index, content, kept: !options.dryRun, ...facts(done) });
}

const facts = ({ modelId, seed, finish, tokens }: Awaited<ReturnType<typeof writeScene>>['done']) => ({
  model: modelId,
  seed,
  finish,
  tokens,
});

/** `ask <scene> <question>`: about the scene's first picture. Errors: image/not-found, task/no-route. */
export async function askCommand(
  context: CliContext,
  sceneName: string,
  question: string,
): Promise<CliResult> {
  const story = await openStory(context);
  const scene = story.scene(sceneName);
  const picture = scene.pictures[0];
  if (!picture)
    throw new AppError('image/not-found', context.words.sceneHasNoImage, { details: { scene: scene.title } });
  const { modelId, answer } = await story.open.studio.services.tasks.ask(
    { sessionId: story.session.id, imageId: picture.imageId, question },
    context.signal,
  );
  return success(answer, { answer, model: modelId });
}

/** `describe <picture>`. Errors: image/not-found, task/no-route. */
export async function describeCommand(
  context: CliContext,
  pictureName: string,
  style: DescriptionStyle,
): Promise<CliResult> {
  const story = await openStory(context);
  const { id } = story.picture(pictureName);
  const { modelId, description } = await story.open.studio.services.tasks.describe(
    { sessionId: story.session.id, imageId: id, style },
    context.signal,
  );
  return success(description, { description, model: modelId });
}

interface Pool {
  readonly names: readonly string[];
  rank(story: OpenStory): Promise<{ modelId: ModelId; ranking: readonly RankedImage[] }>;
  indexOf(imageId: ImageId): number;
  /** The picture as a picture of the story; imports it where it is not. */
  take(story: OpenStory, imageId: ImageId): Promise<StoryImage>;
}

const pictureExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.avif']);

/** Pictures of a folder, by name. Nothing is read of them but their names: no installed model sees pictures yet. */
async function folderPool(
  context: CliContext,
  folder: string,
  sceneName: string,
  topK: number,
): Promise<Pool> {
  const path = resolve(context.cwd, folder);
  const entries = await readdir(path, { withFileTypes: true }).catch((thrown: unknown) => {
    throw diskError(thrown, path);
  });
  const names = entries
    .filter((entry) => entry.isFile() && pictureExtensions.has(extname(entry.name).toLowerCase()))
    .map(({ name }) => name)
    .sort();
  const ids = names.map((name) => ImageId.parse(sha256(name)));
  const candidates = names.map(
    (name, at): RankCandidate => ({
      imageId: ids[at] as ImageId,
      texts: [
        {
          field: 'file',
          text: name
            .slice(0, -extname(name).length)
            .replace(/[-_.]+/g, ' ')
            .trim(),
        },
      ],
    }),
  );
  return {
    names,
    indexOf: (id) => ids.indexOf(id),
    async rank(story) {
      const scene = story.scene(sceneName);
      if (names.length === 0) {
        throw new AppError('task/nothing-to-rank', 'The folder holds no pictures', {
          details: { folder: path },
        });
      }
      const passage = passageOf(scene, await story.textOf(scene));
      const { client } = story.open.engine;
      const routing = story.open.studio.services.feedback.routing('rank', scene.lang, null);
      return client.inference.rank(
        { passage, language: scene.lang, candidates, topK, routing },
        { signal: context.signal },
      );
    },
    take: (story, id) => story.importPicture(join(path, names[ids.indexOf(id)] ?? '')),
  };
}

function storyPool(context: CliContext, story: OpenStory, sceneName: string, topK: number): Pool {
  const images = Object.values(story.session.story.images).toSorted((a, b) => (a.file < b.file ? -1 : 1));
  return {
    names: images.map(({ file }) => file),
    indexOf: (id) => images.findIndex((image) => image.id === id),
    rank: () =>
      story.open.studio.services.tasks.illustrate(
        { sessionId: story.session.id, sceneId: story.scene(sceneName).id, passage: null, pool: null, topK },
        context.signal,
      ),
    take: async (_story, id) => story.picture(id),
  };
}

/** `illustrate <scene>`: the pool's pictures that fit best, with the phrase that each matched. */
export async function illustrateCommand(
  context: CliContext,
  sceneName: string,
  options: { pool: string | undefined; add: boolean; top: number },
): Promise<CliResult> {
  const story = await openStory(context);
  const scene = story.scene(sceneName);
  const pool =
    options.pool === undefined
      ? storyPool(context, story, sceneName, options.top)
      : await folderPool(context, options.pool, sceneName, options.top);
  const { modelId, ranking } = await pool.rank(story);
  const illustrations = ranking.map(({ imageId, score, matched, phrase }) => ({
    index: pool.indexOf(imageId),
    file: pool.names[pool.indexOf(imageId)] ?? '',
    score: Number(score.toFixed(4)),
    matched,
    phrase,
  }));
  for (const [at, { file, score, phrase }] of illustrations.entries()) {
    context.output.say(context.words.ranked(at + 1, file, score.toFixed(2), phrase));
  }
  if (options.add) {
    for (const { imageId } of ranking) {
      const image = await pool.take(story, imageId);
      await hang(story, { kind: 'scene', id: scene.id }, image.id, 'illustration');
    }
  }
  return success(options.add ? context.words.hung(ranking.length) : '', {
    illustration_indices: illustrations.map(({ index }) => index),
    illustrations,
    model: modelId,
    added: options.add,
  });
}

/** `complete`: writes every empty scene in order, then gives the whole story. Stopped, it goes on where it was next time. */
export async function completeCommand(
  context: CliContext,
  options: SamplingOptions & { output: string | undefined },
): Promise<CliResult> {
  const story = await openStory(context);
  const texts = await story.texts();
  const written: number[] = [];
  for (const [at, scene] of story.scenes().entries()) {
    if ((texts.get(scene.id) ?? '').trim() !== '') continue;
    context.output.note(context.words.writingScene(at + 1, scene.title));
    context.output.event({ type: 'scene', scene_index: at, title: scene.title });
    await writeScene(context, story, scene, {
      instruction: '',
      modelId: modelNamed(options.model),
      sampling: samplingOf(options),
      keep: 'whole',
      show: context.output.streamAside,
    });
    await story.session.save();
    written.push(at);
  }
  const whole = completeStoryMarkdown(story.session.story, await story.texts());
  const length = Array.from(whole).length;
  if (options.output === undefined) {
    context.output.say(whole);
  } else {
    const path = resolve(context.cwd, options.output);
    await writeResult(context, path, whole, (bytes) =>
      bytes.toString('utf8').startsWith(`# ${story.session.story.title}\n`),
    );
    context.output.note(context.words.savedTo(path));
  }
  const message = context.words.completeLength(length);
  if (options.output === undefined) context.output.note(message);
  return success(options.output === undefined && !context.output.json ? '' : message, {
    story: whole,
    length,
    written_scenes: written,
  });
}
