import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { IndexEvent, RankCandidate } from '#shared/models/task.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { countText } from '#shared/text/counts.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import { completeStoryMarkdown } from '../../services/studio/books/completeStory.ts';
import { diskError } from '../../services/studio/disk/diskError.ts';
import type { Illustrations } from '../../services/studio/tasks/createPictureTasks.ts';
import { indexPictures } from '../../services/studio/tasks/indexPictures.ts';
import { passageOf } from '../../services/studio/tasks/sceneContext.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { hang, type OpenStory, openStory } from '../openStory.ts';
import { modelNamed, type SamplingOptions, samplingOf } from '../samplingOptions.ts';
import { writeScene } from '../writeScene.ts';
import { writeResult } from './storyCommands.ts';

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
  rank(story: OpenStory): Promise<Illustrations>;
  indexOf(imageId: ImageId): number;
  /** The picture as a picture of the story; imports it where it is not. */
  take(story: OpenStory, imageId: ImageId): Promise<StoryImage>;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  } catch (thrown) {
    throw diskError(thrown, path);
  }
  return hash.digest('hex');
}

const pictureExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.avif']);

/** Pictures of a folder, known by their content: by what they look like where a model compares that, and by their names. */
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
  const hashes = await Promise.all(names.map((name) => hashFile(join(path, name))));
  const ids = hashes.map((hash) => ImageId.parse(hash));
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
      const { inference } = story.open.engine.client;
      const routing = story.open.studio.services.feedback.routing('rank', scene.lang, null);
      const asked = { language: scene.lang, routing };
      const pathOf = async (id: ImageId) => join(path, names[ids.indexOf(id)] ?? '');
      const source = { imaging: story.open.imaging.client, folder: story.open.rastersFolder };
      const encoder = await look(
        context,
        indexPictures(inference, source, { ...asked, imageIds: ids, words: passage, pathOf }, context.signal),
      );
      return inference.rank({ ...asked, passage, candidates, topK, encoder }, { signal: context.signal });
    },
    take: (story, id) => story.importPicture(join(path, names[ids.indexOf(id)] ?? '')),
  };
}

/** Has pictures looked at, and tells how far that is. */
async function look(context: CliContext, events: AsyncIterable<IndexEvent>): Promise<ModelId | null> {
  let encoder: ModelId | null = null;
  for await (const event of events) {
    encoder = event.encoder;
    if (event.total === 0) continue;
    context.output.note(context.words.looking(event.done, event.total));
    context.output.event({ type: 'looking', done: event.done, total: event.total, failed: event.failed });
  }
  return encoder;
}

function storyPool(context: CliContext, story: OpenStory, sceneName: string, topK: number): Pool {
  const images = Object.values(story.session.story.images).toSorted((a, b) => (a.file < b.file ? -1 : 1));
  return {
    names: images.map(({ file }) => file),
    indexOf: (id) => images.findIndex((image) => image.id === id),
    async rank() {
      const { tasks } = story.open.studio.services;
      const scene = { sceneId: story.scene(sceneName).id, passage: null };
      const inStory = { sessionId: story.session.id, pool: null };
      await look(context, tasks.indexPictures({ ...inStory, words: null, scene }, context.signal));
      return tasks.illustrate({ ...inStory, ...scene, topK }, context.signal);
    },
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
  const { modelId, lookedBy, ranking } = await pool.rank(story);
  const illustrations = ranking.map(({ imageId, score, evidence }) => ({
    index: pool.indexOf(imageId),
    file: pool.names[pool.indexOf(imageId)] ?? '',
    score: Number(score.toFixed(4)),
    phrase: evidence[0]?.phrase ?? '',
    evidence,
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
    looked_by: lookedBy?.modelId ?? null,
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

/** `match <text…>`: how well each text fits each picture of the story. Errors: task/no-route. */
export async function matchCommand(context: CliContext, texts: readonly string[]): Promise<CliResult> {
  const story = await openStory(context);
  const { tasks } = story.open.studio.services;
  const inStory = { sessionId: story.session.id, pool: null };
  const words = texts.join('\n');
  await look(context, tasks.indexPictures({ ...inStory, words, scene: null }, context.signal));
  const { modelId, similarities, imageIds, missing } = await tasks.match(
    { ...inStory, texts },
    context.signal,
  );
  const files = imageIds.map((id) => story.session.story.images[id]?.file ?? id);
  for (const [row, text] of texts.entries()) {
    context.output.say(text);
    for (const [column, file] of files.entries())
      context.output.say(`  ${(similarities[row]?.[column] ?? 0).toFixed(3)}  ${file}`);
  }
  return success('', { texts, files, similarities, missing: missing.length, model: modelId });
}

/** `similar <picture>`: the story's pictures that look like it, the most alike first. Errors: task/no-route. */
export async function similarCommand(
  context: CliContext,
  pictureName: string,
  topK: number,
): Promise<CliResult> {
  const story = await openStory(context);
  const { tasks } = story.open.studio.services;
  const { id } = story.picture(pictureName);
  const inStory = { sessionId: story.session.id };
  await look(
    context,
    tasks.indexPictures({ ...inStory, pool: null, words: null, scene: null }, context.signal),
  );
  const { modelId, similar } = await tasks.similar({ ...inStory, imageId: id, topK }, context.signal);
  const found = similar.map(({ imageId, score }) => ({
    file: story.session.story.images[imageId]?.file ?? imageId,
    score: Number(score.toFixed(4)),
  }));
  for (const { file, score } of found) context.output.say(`${score.toFixed(2)}  ${file}`);
  return success('', { similar: found, model: modelId });
}
