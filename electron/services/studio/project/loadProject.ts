import { basename } from 'node:path';
import type { OpenNotice } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Character } from '#shared/story/character.ts';
import { createScene } from '#shared/story/create.ts';
import {
  CharacterId,
  createCharacterId,
  createSceneId,
  createStoryId,
  SceneId,
  type StoryId,
} from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import { currentFormatVersion, type Story } from '#shared/story/story.ts';
import { sha256 } from '../disk/atomicSave.ts';
import { alternativesPath, conflictOrigin, isAside } from '../files/fileNames.ts';
import { emptyImageIndex, type ImageIndex, imageIndexPath, parseImageIndex } from '../files/imageIndex.ts';
import { emptyManifest, type Manifest, manifestPath, parseManifest } from '../files/manifestFile.ts';
import { parseAlternatives, parseCharacter, parseScene } from '../files/storyFiles.ts';
import type { FileIndex } from './fileIndex.ts';
import { type FileStat, forEachAtOnce, type ProjectSource } from './projectSource.ts';
import { repairedShell } from './repair.ts';

/** A file as we last saw it. */
export interface KnownFile extends FileStat {
  readonly sha256: string;
}

/** A sync tool's copy of a scene file, with another text. */
export interface SyncCopy {
  readonly sceneId: SceneId;
  readonly path: string;
}

/** A story read from its files, and which file holds what. */
export interface LoadedProject {
  readonly story: Story;
  readonly format: number;
  readonly known: ReadonlyMap<string, KnownFile>;
  readonly sceneFiles: ReadonlyMap<SceneId, string>;
  readonly characterFiles: ReadonlyMap<CharacterId, string>;
  readonly imageIndex: ImageIndex;
  /** Files whose content could not be understood; they are never written over without a copy kept. */
  readonly damaged: ReadonlySet<string>;
  readonly syncCopies: readonly SyncCopy[];
  readonly notices: readonly OpenNotice[];
  /** The manifest on the disk does not say what the story says. */
  readonly repaired: boolean;
}

export interface LoadOptions {
  /** Spares reading files that did not change. */
  readonly index?: Pick<FileIndex, 'entries'> | null;
  /** Scenes whose files are read have their texts; otherwise every text is `null`. */
  readonly keepsTexts: boolean;
  /** The id the story had, should its manifest have lost it. */
  readonly storyId?: StoryId | null;
}

/** Reads a story. What is damaged is left out or put right and told in `notices`. Errors: project/not-a-story, disk/*. */
export async function loadProject(source: ProjectSource, options: LoadOptions): Promise<LoadedProject> {
  const stats = await source.list();
  const notices: OpenNotice[] = [];
  const known = new Map<string, KnownFile>();
  const damaged = new Set<string>();

  const readFile = async (path: string): Promise<Buffer> => {
    const bytes = await source.read(path);
    const stat = stats.get(path) ?? { size: bytes.length, mtimeMs: 0 };
    known.set(path, { ...stat, sha256: sha256(bytes) });
    return bytes;
  };
  /** What `parse` makes of a file; `null`, and a notice, where it is damaged. */
  const understood = async <Result>(
    path: string,
    parse: (bytes: Buffer) => Result,
  ): Promise<Result | null> => {
    try {
      return parse(await readFile(path));
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'project/damaged') throw thrown;
      damaged.add(path);
      return null;
    }
  };

  const sceneFilesFound = Array.from(stats.keys()).filter(
    (path) => /^scenes\/.*\.md$/.test(path) && !isAside(path),
  );
  if (!stats.has(manifestPath) && sceneFilesFound.length === 0) {
    throw new AppError('project/not-a-story', 'The folder holds no story');
  }
  const manifest: Manifest =
    (stats.has(manifestPath) ? await understood(manifestPath, parseManifest) : null) ?? emptyManifest;
  const { shell } = manifest;
  const imageIndex =
    (stats.has(imageIndexPath) ? await understood(imageIndexPath, parseImageIndex) : null) ?? emptyImageIndex;
  if (damaged.has(imageIndexPath) || imageIndex.strange.length > 0) {
    notices.push({ kind: 'damaged-file', file: imageIndexPath, sceneId: null });
  }

  const fromIndex = (path: string) => {
    const entry = options.index?.entries[path];
    const stat = stats.get(path);
    if (!entry || !stat || entry.size !== stat.size || entry.mtimeMs !== stat.mtimeMs) return null;
    known.set(path, { ...stat, sha256: entry.sha256 });
    return entry;
  };
  const listedId = (path: string) => manifest.files.get(path)?.id;

  const scenes = new Map<string, { id: SceneId | null; scene: Omit<Scene, 'id'> }>();
  await forEachAtOnce(sceneFilesFound, 16, async (path) => {
    const entry = fromIndex(path);
    if (entry?.scene) {
      scenes.set(path, { id: entry.scene.id, scene: { ...entry.scene, text: null, alternatives: [] } });
      return;
    }
    const read = await understood(path, (bytes) => parseScene(path, bytes, shell.language));
    if (read) {
      const text = options.keepsTexts ? read.scene.text : null;
      scenes.set(path, { id: read.id, scene: { ...read.scene, text, alternatives: [] } });
    }
  });
  const characters = new Map<string, { id: CharacterId | null; character: Omit<Character, 'id'> }>();
  const characterFilesFound = Array.from(stats.keys()).filter(
    (path) => path.startsWith('characters/') && !isAside(path),
  );
  await forEachAtOnce(characterFilesFound, 16, async (path) => {
    const entry = fromIndex(path);
    if (entry?.character) characters.set(path, { id: entry.character.id, character: entry.character });
    else {
      const read = await understood(path, (bytes) => parseCharacter(path, bytes));
      if (read) characters.set(path, read);
      else notices.push({ kind: 'damaged-file', file: path, sceneId: null });
    }
  });

  const storyScenes: Record<SceneId, Scene> = {};
  const sceneFiles = new Map<SceneId, string>();
  const syncCopies: SyncCopy[] = [];
  const addScene = (path: string, id: SceneId, scene: Omit<Scene, 'id'>) => {
    storyScenes[id] = { ...scene, id };
    sceneFiles.set(id, path);
  };
  const everyPath = new Set(sceneFilesFound);
  const later: string[] = [];
  for (const path of sceneFilesFound) {
    const listed = SceneId.safeParse(listedId(path));
    const read = scenes.get(path);
    if (listed.success && !storyScenes[listed.data] && (read || damaged.has(path))) {
      addScene(path, listed.data, read?.scene ?? damagedScene(path, shell.language));
      if (!read) notices.push({ kind: 'damaged-file', file: path, sceneId: listed.data });
    } else later.push(path);
  }
  for (const path of later) {
    const read = scenes.get(path);
    const own = read?.id ?? null;
    const origin = conflictOrigin(path, everyPath);
    if (origin !== null && own !== null && sceneFiles.get(own) === origin) {
      if (known.get(path)?.sha256 !== known.get(origin)?.sha256) syncCopies.push({ sceneId: own, path });
      continue;
    }
    const id = own !== null && !storyScenes[own] ? own : createSceneId();
    addScene(path, id, read?.scene ?? damagedScene(path, shell.language));
    if (!read) notices.push({ kind: 'damaged-file', file: path, sceneId: id });
    if (!manifest.broken) notices.push({ kind: 'found-file', file: path });
  }
  for (const [path, entry] of manifest.files) {
    const id = SceneId.safeParse(entry.id);
    if (!path.startsWith('scenes/') || !path.endsWith('.md') || !id.success || storyScenes[id.data]) continue;
    if (isAside(path) || path.includes('..') || path.includes('\\')) continue;
    addScene(path, id.data, damagedScene(path, shell.language));
    notices.push({ kind: 'damaged-file', file: path, sceneId: id.data });
  }

  for (const [id, path] of sceneFiles) {
    const sidecar = alternativesPath(path);
    if (!stats.has(sidecar)) continue;
    const alternatives = await understood(sidecar, parseAlternatives);
    if (alternatives) storyScenes[id] = { ...(storyScenes[id] as Scene), alternatives };
    else notices.push({ kind: 'damaged-file', file: sidecar, sceneId: id });
  }

  const storyCharacters: Record<CharacterId, Character> = {};
  const characterFiles = new Map<CharacterId, string>();
  for (const path of characterFilesFound) {
    const read = characters.get(path);
    if (!read) continue;
    const listed = CharacterId.safeParse(listedId(path));
    const wanted = listed.success ? listed.data : read.id;
    const id = wanted !== null && !storyCharacters[wanted] ? wanted : createCharacterId();
    storyCharacters[id] = { ...read.character, id };
    characterFiles.set(id, path);
    if (!manifest.broken && !listed.success) notices.push({ kind: 'found-file', file: path });
  }

  if (manifest.broken) notices.unshift({ kind: 'manifest-rebuilt' });
  const { shell: repairedParts, changed } = repairedShell(shell, {
    scenePaths: sceneFiles,
    characterIds: Array.from(characterFiles.keys()),
    imageIds: new Set(Object.values(imageIndex.images).map(({ id }) => id)),
  });
  const story: Story = {
    ...repairedParts,
    id: shell.id ?? options.storyId ?? createStoryId(),
    title: shell.title,
    scenes: storyScenes,
    characters: storyCharacters,
    images: { ...imageIndex.images },
  };
  return {
    story,
    format: manifest.format,
    known,
    sceneFiles,
    characterFiles,
    imageIndex,
    damaged,
    syncCopies,
    notices,
    repaired: changed || manifest.broken || manifest.format < currentFormatVersion,
  };
}

/** Stands for a scene whose file cannot be read; its text is empty until the writer restores it. */
function damagedScene(path: string, lang: Scene['lang']): Omit<Scene, 'id'> {
  const { id: _id, ...scene } = createScene({
    lang,
    title: basename(path, '.md').replace(/^\d+-/, '').replaceAll('-', ' '),
    status: 'draft',
  });
  return scene;
}

/** Words of a whole story; scenes in the trash do not count. */
export const countWords = (story: Story): number =>
  sceneOrder(story.outline).reduce((sum, id) => sum + (story.scenes[id]?.counts.words ?? 0), 0);
