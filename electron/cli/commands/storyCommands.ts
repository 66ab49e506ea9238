import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { createId } from '#shared/story/ids.ts';
import { atomicSave, readIfThere } from '../../services/studio/disk/atomicSave.ts';
import { diskError } from '../../services/studio/disk/diskError.ts';
import { parseJson } from '../../services/studio/files/json.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { languageName, languageNamed } from '../languageNames.ts';
import { hang, openStory, storyOf } from '../openStory.ts';
import { checkStoryState, commandsFrom, languageOfState, StoryState, toStoryState } from '../storyState.ts';

/** `create <title>`: a new story in `parent` or the present folder. Errors: project/exists, disk/*. */
export async function createStoryCommand(
  context: CliContext,
  title: string,
  { parent, language }: { parent: string | undefined; language: string | undefined },
): Promise<CliResult> {
  const { studio } = await context.studio();
  const opened = await studio.services.projects.create({
    title,
    language: language === undefined ? context.defaultLanguage : languageNamed(language, '--language'),
    parentFolder: resolve(context.cwd, parent ?? '.'),
  });
  return success(context.words.created(opened.story.title, opened.folder), {
    title: opened.story.title,
    language: languageName(opened.story.language),
    folder: opened.folder,
  });
}

/** `language <name>`. */
export async function languageCommand(context: CliContext, name: string): Promise<CliResult> {
  const language = languageNamed(name);
  const story = await openStory(context);
  await story.apply({ kind: 'story.update', patch: { language } });
  return success(context.words.languageSet(languageName(language)), { language: languageName(language) });
}

/** `info`: what is in the story. */
export async function infoCommand(context: CliContext, folder?: string): Promise<CliResult> {
  const { session, scenes } = await openStory(context, folder);
  const { story } = session;
  const characters = story.characterOrder.flatMap((id) => story.characters[id]?.name ?? []);
  const pictures = Object.values(story.images).map(({ file }) => file);
  const count = scenes().reduce((sum, { counts }) => sum + counts.words, 0);
  const facts = {
    title: story.title,
    language: story.language,
    folder: session.folder,
    words: count,
    characters,
    pictures,
  };
  const lines = [
    context.words.info({ ...facts, scenes: scenes().length }),
    ...scenes().map((scene, at) =>
      context.words.sceneLine(at + 1, scene.status, scene.counts.words, scene.title),
    ),
  ];
  return success(lines.join('\n'), {
    ...facts,
    language: languageName(story.language),
    scenes: scenes().map(({ id, title, summary, status, counts }, at) => ({
      scene_index: at,
      id,
      title,
      description: summary,
      scene_status: status,
      words: counts.words,
    })),
  });
}

/** `snapshot [name]`. */
export async function snapshotCommand(context: CliContext, name: string): Promise<CliResult> {
  const { session, open } = await openStory(context);
  const snapshot = await open.studio.services.snapshots.create({
    sessionId: session.id,
    name,
    reason: 'manual',
  });
  return success(context.words.snapshotMade(name), { snapshot });
}

/**
 * `save <path>`: the story in the specification's form; pictures are paths relative to the file. Replaces an older save of a story, never another file.
 */
export async function saveCommand(context: CliContext, file: string): Promise<CliResult> {
  const story = await openStory(context);
  const path = resolve(context.cwd, file);
  const texts = await story.texts();
  const scenes = story.scenes();
  const current = Math.max(
    0,
    scenes.findLastIndex(({ id }) => (texts.get(id) ?? '').trim() !== ''),
  );
  const pictures = relative(dirname(path), join(story.session.folder, 'images')).split(sep).join('/');
  const state = toStoryState(story.session.story, texts, current, (file) => `${pictures}/${file}`);
  await writeResult(context, path, `${JSON.stringify(state, null, 2)}\n`, isSavedStory);
  return success(context.words.savedTo(file), { path });
}

function isSavedStory(bytes: Buffer): boolean {
  try {
    return StoryState.safeParse(parseJson(bytes)).success;
  } catch {
    return false;
  }
}

/** Writes a file the writer asked for. What is there is replaced only where `mayReplace` says that it is ours. */
export async function writeResult(
  context: CliContext,
  path: string,
  text: string,
  mayReplace: (bytes: Buffer) => boolean,
): Promise<void> {
  const before = await readIfThere(path);
  if (before !== null && !mayReplace(before))
    throw new AppError('input/invalid', context.words.fileExists(path));
  await mkdir(dirname(path), { recursive: true }).catch((thrown: unknown) => {
    throw diskError(thrown, path);
  });
  const saved = await atomicSave(path, Buffer.from(text), {
    writer: createId().slice(0, 8),
    expected: before,
  });
  if (saved.outcome === 'changed') throw new AppError('input/invalid', context.words.fileExists(path));
}

/** `load <path>`: shows a story folder, or imports a saved story file as a new story in `parent`. */
export async function loadCommand(
  context: CliContext,
  path: string,
  { parent }: { parent: string | undefined },
): Promise<CliResult> {
  const from = resolve(context.cwd, path);
  const facts = await stat(from).catch((thrown: unknown) => {
    throw new AppError('project/not-found', 'Nothing is there', { details: { path: from }, cause: thrown });
  });
  if (facts.isDirectory()) {
    const info = await infoCommand(context, from);
    return success(`${context.words.loaded(String(info['title']), path)}\n${info.message}`, {
      ...info,
      message: undefined,
    });
  }
  const bytes = await readFile(from).catch((thrown: unknown) => {
    throw diskError(thrown, from);
  });
  const state = checkStoryState(parseJson(bytes));
  const { studio, ...rest } = await context.studio();
  const opened = await studio.services.projects.create({
    title: state.title,
    language: languageOfState(state),
    parentFolder: resolve(context.cwd, parent ?? '.'),
  });
  const story = storyOf(context, { studio, ...rest }, studio.sessions.get(opened.sessionId));
  const { commands, images } = commandsFrom(state);
  for (let at = 0; at < commands.length; at += 1_000) await story.apply(...commands.slice(at, at + 1_000));
  const missing: string[] = [];
  for (const { owner, path: image } of images) {
    try {
      const picture = await story.importPicture(resolve(dirname(from), image));
      await hang(story, owner, picture.id, owner.kind === 'scene' ? 'illustration' : 'portrait');
      if (owner.kind === 'character') {
        await story.apply({ kind: 'character.update', id: owner.id, patch: { portrait: picture.id } });
      }
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!/^(?:image|disk)\//.test(error.code)) throw error;
      missing.push(basename(image));
    }
  }
  if (missing.length > 0) context.output.note(context.words.leftOut(missing));
  return success(context.words.imported(state.title, opened.folder), {
    title: state.title,
    folder: opened.folder,
    scenes: state.scenes.length,
    characters: Object.keys(state.characters).length,
    left_out: missing,
  });
}

/** `export`: a markdown book. Errors: book/*, disk/*. */
export async function exportCommand(
  context: CliContext,
  options: {
    to: string | undefined;
    format: 'mdbook' | 'honkit';
    language: string | undefined;
    characters: boolean;
  },
): Promise<CliResult> {
  const { session, open } = await openStory(context);
  const { folder, files, leftOut } = await open.studio.services.books.export({
    sessionId: session.id,
    options: {
      language:
        options.language === undefined
          ? session.story.language
          : languageNamed(options.language, '--language'),
      format: options.format,
      sceneIds: null,
      includeCharacters: options.characters,
    },
    parentFolder: resolve(context.cwd, options.to ?? '.'),
  });
  if (leftOut.length > 0) context.output.note(context.words.leftOut(leftOut));
  return success(context.words.exported(folder, files), { folder, files, left_out: leftOut });
}
