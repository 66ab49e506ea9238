import { join } from 'node:path';
import type { Character } from '#shared/story/character.ts';
import type { CharacterId, SceneId } from '#shared/story/ids.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { readIfThere, sha256 } from '../disk/atomicSave.ts';
import { alternativesPath } from '../files/fileNames.ts';
import { type ImageIndex, imageIndexPath, renderImageIndex } from '../files/imageIndex.ts';
import { type ManifestEntry, manifestPath, renderManifest, shellOf } from '../files/manifestFile.ts';
import { renderAlternatives, renderCharacter, renderScene } from '../files/storyFiles.ts';
import type { SnapshotSourceFile } from '../snapshot/SnapshotStore.ts';
import type { IndexEntry } from './fileIndex.ts';
import type { KnownFile } from './loadProject.ts';
import { createDiskSource } from './projectSource.ts';

/** What is known of a story's folder. */
export interface FolderView {
  readonly folder: string;
  readonly saved: Story;
  readonly known: ReadonlyMap<string, KnownFile>;
  readonly sceneFiles: ReadonlyMap<SceneId, string>;
  readonly characterFiles: ReadonlyMap<CharacterId, string>;
  readonly imageIndex: ImageIndex;
  readonly damaged: ReadonlySet<string>;
  scenePath(scene: Scene, story: Story): string;
  characterPath(character: Character): string;
}

/** What the manifest says about the files: `planned` hashes before known ones, nothing about files in `without`. */
export function manifestEntries(
  view: FolderView,
  story: Story,
  planned: ReadonlyMap<string, string>,
  without: ReadonlySet<string> = new Set(),
): Map<string, ManifestEntry> {
  const entries = new Map<string, ManifestEntry>();
  const add = (path: string, id: string) => {
    if (without.has(path)) return;
    const hash = planned.get(path) ?? view.known.get(path)?.sha256;
    if (hash !== undefined) entries.set(path, { id, sha256: hash });
  };
  for (const scene of Object.values(story.scenes)) {
    const path = view.scenePath(scene, story);
    add(path, scene.id);
    add(alternativesPath(path), scene.id);
  }
  for (const character of Object.values(story.characters)) add(view.characterPath(character), character.id);
  add(imageIndexPath, '');
  return entries;
}

/** Every file of the story as it would be written now, for a snapshot; saved ones are only read when asked for. */
export async function renderStory(view: FolderView, story: Story): Promise<Map<string, SnapshotSourceFile>> {
  const files = new Map<string, SnapshotSourceFile>();
  const put = (path: string, bytes: Buffer) =>
    files.set(path, { sha256: sha256(bytes), bytes: () => Promise.resolve(bytes) });
  const keep = (path: string, isSaved: boolean): boolean => {
    const known = view.known.get(path);
    if (!isSaved || !known) return false;
    files.set(path, { sha256: known.sha256, bytes: () => createDiskSource(view.folder).read(path) });
    return true;
  };
  const onDisk = (path: string) => readIfThere(join(view.folder, path));
  for (const scene of Object.values(story.scenes)) {
    const path = view.scenePath(scene, story);
    const isSaved = scene === view.saved.scenes[scene.id];
    if (!keep(path, isSaved)) put(path, renderScene(scene, await onDisk(path)));
    const sidecar = alternativesPath(path);
    if (scene.alternatives.length > 0 && !keep(sidecar, isSaved)) {
      put(sidecar, renderAlternatives(scene.alternatives));
    }
  }
  for (const character of Object.values(story.characters)) {
    const path = view.characterPath(character);
    if (keep(path, character === view.saved.characters[character.id])) continue;
    put(path, renderCharacter(character, await onDisk(path)));
  }
  const images = renderImageIndex({ ...view.imageIndex, images: story.images });
  if (images.length > 0) put(imageIndexPath, images);
  const hashes = new Map(Array.from(files, ([path, file]) => [path, file.sha256]));
  put(manifestPath, renderManifest(shellOf(story), manifestEntries(view, story, hashes)));
  return files;
}

/** What the index says about each file, so that opening again reads only what changed. */
export function indexEntries(view: FolderView): Record<string, IndexEntry> {
  const entries: Record<string, IndexEntry> = {};
  for (const [id, path] of view.sceneFiles) {
    const known = view.known.get(path);
    const scene = view.saved.scenes[id];
    if (!known || !scene || view.damaged.has(path)) continue;
    entries[path] = { ...known, scene: { ...scene, text: null, alternatives: [] }, character: null };
  }
  for (const [id, path] of view.characterFiles) {
    const known = view.known.get(path);
    const character = view.saved.characters[id];
    if (known && character) entries[path] = { ...known, scene: null, character };
  }
  return entries;
}
