import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { Character } from '#shared/story/character.ts';
import type { CharacterId, SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { atomicSave, type DiskCalls, readIfThere, sha256, syncFolder } from '../disk/atomicSave.ts';
import { diskError, isMissing } from '../disk/diskError.ts';
import { alternativesPath, characterFileName, conflictPath, sceneFileName } from '../files/fileNames.ts';
import { type ImageIndex, imageIndexPath, renderImageIndex } from '../files/imageIndex.ts';
import { manifestPath, renderManifest, shellOf } from '../files/manifestFile.ts';
import { parseScene, renderAlternatives, renderCharacter, renderScene } from '../files/storyFiles.ts';
import { cacheFolder } from './fileIndex.ts';
import type { KnownFile, LoadedProject } from './loadProject.ts';
import type { Merged } from './mergeOutside.ts';
import { createDiskSource, type ProjectSource } from './projectSource.ts';
import { type FolderView, manifestEntries } from './renderStory.ts';

/** A scene file that somebody else wrote while the scene had unsaved changes here. */
export interface ChangedOutside {
  readonly sceneId: SceneId;
  readonly path: string;
  readonly theirs: Buffer;
}

export interface FolderSave {
  readonly story: Story;
  /** Scenes that the writer emptied by commands since they were last saved. */
  readonly emptied: ReadonlySet<SceneId>;
  /** Scenes with an open conflict; they are left alone. */
  readonly skip: ReadonlySet<SceneId>;
  /** Told the hashes of the files that are about to be written; none is renamed into place before it resolves. Must not reject. */
  readonly announce: (files: Readonly<Record<string, string | null>>) => Promise<void>;
}

interface Write {
  readonly path: string;
  readonly bytes: Buffer;
  readonly old: Buffer | null;
  readonly done: () => void;
  readonly sceneId: SceneId | null;
}

/** A story's folder: what its files hold, as far as we know, and how a story gets into them. */
export class StoryFolder implements FolderView {
  readonly folder: string;
  /** The story as the files have it. A part is saved when it is the same object in here. */
  saved: Story;
  readonly known: Map<string, KnownFile>;
  readonly sceneFiles: Map<SceneId, string>;
  readonly characterFiles: Map<CharacterId, string>;
  imageIndex: ImageIndex;
  readonly damaged: Set<string>;
  readonly #writer: string;
  readonly #now: () => number;
  readonly #disk: DiskCalls;
  /** Folders whose last fsync failed: nothing in them counts as saved until one succeeds. */
  readonly #unsynced = new Set<string>();
  #manifestIsOld: boolean;

  constructor(
    folder: string,
    loaded: LoadedProject,
    options: { writer: string; now: () => number; disk?: DiskCalls },
  ) {
    this.folder = folder;
    this.saved = loaded.story;
    this.known = new Map(loaded.known);
    this.sceneFiles = new Map(loaded.sceneFiles);
    this.characterFiles = new Map(loaded.characterFiles);
    this.imageIndex = loaded.imageIndex;
    this.damaged = new Set(loaded.damaged);
    this.#writer = options.writer;
    this.#now = options.now;
    this.#disk = options.disk ?? fs;
    this.#manifestIsOld = loaded.repaired;
  }

  /** The folder's files, as they are now. */
  get source(): ProjectSource {
    return createDiskSource(this.folder);
  }

  /** Whether the files are others than we know of. */
  differsFrom({ known, syncCopies }: LoadedProject): boolean {
    if (syncCopies.length > 0) return true;
    const ours = Array.from(this.known);
    return ours.length !== known.size || ours.some(([path, file]) => known.get(path)?.sha256 !== file.sha256);
  }

  /** Takes over what an outside change brought: those parts are saved, for the files have them. */
  take(story: Story, merged: Merged, loaded: LoadedProject): Story {
    const scenes = { ...this.saved.scenes };
    const characters = { ...this.saved.characters };
    const know = (path: string | undefined) => {
      const file = path === undefined ? undefined : loaded.known.get(path);
      if (path !== undefined && file) this.known.set(path, file);
    };
    const mine = { ...story.scenes };
    for (const id of merged.rebased) know(loaded.sceneFiles.get(id));
    for (const id of merged.taken) {
      const path = loaded.sceneFiles.get(id);
      const here = mine[id];
      if (path === undefined || !here) continue;
      const scene =
        here.text === null ? { ...here, counts: loaded.story.scenes[id]?.counts ?? here.counts } : here;
      mine[id] = scene;
      this.sceneFiles.set(id, path);
      know(path);
      know(alternativesPath(path));
      this.damaged.delete(path);
      scenes[id] = scene;
    }
    for (const path of this.sceneFiles.values()) {
      if (!loaded.known.has(path)) this.known.delete(path);
      else if (this.#isTouchedOnly(path, loaded)) know(path);
    }
    for (const id of merged.takenCharacters) {
      const path = loaded.characterFiles.get(id);
      const character = story.characters[id];
      if (path === undefined || !character) continue;
      this.characterFiles.set(id, path);
      know(path);
      characters[id] = character;
    }
    if (merged.tookShell) know(manifestPath);
    if (merged.tookImages) {
      know(imageIndexPath);
      this.imageIndex = loaded.imageIndex;
    }
    this.saved = {
      ...this.saved,
      ...(merged.tookShell ? shellOf(story) : {}),
      scenes,
      characters,
      images: merged.tookImages ? story.images : this.saved.images,
    };
    return { ...story, scenes: mine };
  }

  #isTouchedOnly(path: string, loaded: LoadedProject): boolean {
    return this.known.get(path)?.sha256 === loaded.known.get(path)?.sha256;
  }

  /** Our version may be written over the bytes with this hash: a copy of them was kept. */
  accept(path: string, hash: string): void {
    this.known.set(path, { sha256: hash, size: -1, mtimeMs: -1 });
  }

  /** The text of a scene file by its path; `null` where there is none to be read. */
  async textAt(path: string): Promise<string | null> {
    const bytes = await this.#read(path);
    try {
      return bytes && parseScene(path, bytes, this.saved.language).scene.text;
    } catch {
      return null;
    }
  }

  /** The text in the bytes somebody else wrote. */
  theirText({ path, theirs }: ChangedOutside): string {
    try {
      return parseScene(path, theirs, this.saved.language).scene.text;
    } catch {
      return theirs.toString('utf8');
    }
  }

  /** Moves a sync tool's copy out of the way, under the name of a kept version. */
  async putAside(path: string): Promise<void> {
    const bytes = await this.#read(path);
    if (bytes === null) return;
    await this.#keepAside(path, bytes);
    await fs.rm(this.#whole(path), { force: true });
  }

  hasUnsaved(story: Story): boolean {
    if (story === this.saved && !this.#manifestIsOld) return false;
    return this.#manifestIsOld || this.#differs(story);
  }

  #differs(story: Story): boolean {
    const keys = Object.keys(story) as (keyof Story)[];
    return keys.some((key) => {
      if (key !== 'scenes' && key !== 'characters') return story[key] !== this.saved[key];
      const now: Readonly<Record<string, unknown>> = story[key];
      const was: Readonly<Record<string, unknown>> = this.saved[key];
      return (
        Object.keys(now).length !== Object.keys(was).length ||
        Object.entries(now).some(([id, value]) => was[id] !== value)
      );
    });
  }

  isSceneSaved(story: Story, id: SceneId): boolean {
    return story.scenes[id] === this.saved.scenes[id];
  }

  /** The text of a scene as its file has it now; empty where there is none or it is damaged. Errors: disk/*. */
  async readScene(id: SceneId, story: Story): Promise<{ text: string; hash: string | null }> {
    const path = this.sceneFiles.get(id);
    if (path === undefined) return { text: '', hash: null };
    try {
      const bytes = await createDiskSource(this.folder).read(path);
      return { text: parseScene(path, bytes, story.language).scene.text, hash: sha256(bytes) };
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'project/damaged') return { text: '', hash: null };
      if (thrown instanceof AppError && isMissing(thrown.cause)) return { text: '', hash: null };
      throw thrown;
    }
  }

  #whole(path: string): string {
    return join(this.folder, path);
  }

  async #read(path: string): Promise<Buffer | null> {
    return readIfThere(this.#whole(path), this.#disk);
  }

  #isTaken = (path: string): boolean => this.known.has(path);

  characterPath({ id, name }: Character): string {
    return this.characterFiles.get(id) ?? characterFileName(name, id, this.#isTaken);
  }

  scenePath(scene: Scene, story: Story): string {
    const there = this.sceneFiles.get(scene.id);
    if (there !== undefined) return there;
    const place = Math.max(0, sceneOrder(story.outline).indexOf(scene.id));
    return sceneFileName(place, scene.title || scene.summary, scene.id, this.#isTaken);
  }

  /**
   * Writes what differs from the files, the manifest last. Scenes that somebody else wrote meanwhile are returned and
   * left alone. Errors: disk/*, story/would-empty, project/vanished; what was written before the error is saved.
   */
  async save({ story, emptied, skip, announce }: FolderSave): Promise<ChangedOutside[]> {
    const changed: ChangedOutside[] = [];
    const writes: Write[] = [];
    const removals: string[] = [];
    await this.#checkThere();
    for (const name of this.#unsynced) {
      await syncFolder(name, this.#disk).catch((thrown: unknown) => {
        throw diskError(thrown, name);
      });
      this.#unsynced.delete(name);
    }
    for (const scene of Object.values(story.scenes)) {
      if (scene === this.saved.scenes[scene.id] || skip.has(scene.id)) continue;
      const outside = await this.#planScene(scene, story, emptied, writes, removals);
      if (outside) changed.push(outside);
    }
    for (const character of Object.values(story.characters)) {
      if (character === this.saved.characters[character.id]) continue;
      const path = this.characterPath(character);
      const old = await this.#ourOwn(path);
      this.#planWrite(writes, path, renderCharacter(character, old), old, () => {
        this.characterFiles.set(character.id, path);
        this.saved = { ...this.saved, characters: { ...this.saved.characters, [character.id]: character } };
      });
    }
    if (story.images !== this.saved.images) {
      const bytes = renderImageIndex({ ...this.imageIndex, images: story.images });
      const old = await this.#ourOwn(imageIndexPath);
      if (bytes.length > 0 || old !== null) {
        this.#planWrite(writes, imageIndexPath, bytes, old, () => {
          this.saved = { ...this.saved, images: story.images };
        });
      } else this.saved = { ...this.saved, images: story.images };
    }
    const planned = this.#plannedManifest(story, writes, removals);
    const announced =
      writes.length > 0 || planned.changed
        ? announce({
            ...Object.fromEntries(writes.map(({ path, bytes }) => [path, sha256(bytes)])),
            ...Object.fromEntries(removals.map((path) => [path, null])),
            [manifestPath]: sha256(planned.bytes),
          })
        : Promise.resolve();
    for (const write of writes) {
      const theirs = await this.#write(write, announced);
      if (theirs !== null && write.sceneId !== null) {
        changed.push({ sceneId: write.sceneId, path: write.path, theirs });
      }
    }
    await announced;
    const manifest = changed.length === 0 ? planned : this.#plannedManifest(story, [], removals);
    await this.#writeManifest(story, manifest, changed);
    for (const path of removals) await this.#remove(path);
    await this.#removeGone(story);
    return changed;
  }

  async #checkThere(): Promise<void> {
    try {
      await fs.stat(this.folder);
    } catch (thrown) {
      if (!isMissing(thrown)) throw diskError(thrown, this.folder);
      throw new AppError('project/vanished', 'The story folder is gone', {
        details: { folder: this.folder },
      });
    }
    const parts = ['scenes', 'characters', 'images'];
    const isThere = (part: string) =>
      fs.stat(this.#whole(part)).then(
        () => true,
        () => false,
      );
    if ((await Promise.all(parts.map(isThere))).every(Boolean)) return;
    for (const part of parts) await fs.mkdir(this.#whole(part), { recursive: true }).catch(() => undefined);
  }

  async #planScene(
    scene: Scene,
    story: Story,
    emptied: ReadonlySet<SceneId>,
    writes: Write[],
    removals: string[],
  ): Promise<ChangedOutside | null> {
    const path = this.scenePath(scene, story);
    const old = await this.#read(path);
    if (old !== null && sha256(old) !== this.known.get(path)?.sha256) {
      return { sceneId: scene.id, path, theirs: old };
    }
    if (old === null && scene.text === null) {
      throw new AppError('project/vanished', `${path} is gone`, { details: { file: path } });
    }
    if (old !== null && this.damaged.has(path)) await this.#keepAside(path, old);
    if (old !== null && !this.damaged.has(path)) this.#refuseToEmpty(scene, path, old, emptied);
    const sidecar = alternativesPath(path);
    if (scene.alternatives.length > 0 && scene.alternatives !== this.saved.scenes[scene.id]?.alternatives) {
      const oldSidecar = await this.#ourOwn(sidecar);
      this.#planWrite(writes, sidecar, renderAlternatives(scene.alternatives), oldSidecar, () => undefined);
    } else if (scene.alternatives.length === 0 && this.known.has(sidecar)) removals.push(sidecar);
    this.#planWrite(
      writes,
      path,
      renderScene(scene, old),
      old,
      () => {
        this.damaged.delete(path);
        this.sceneFiles.set(scene.id, path);
        this.saved = { ...this.saved, scenes: { ...this.saved.scenes, [scene.id]: scene } };
      },
      scene.id,
    );
    return null;
  }

  #refuseToEmpty(scene: Scene, path: string, old: Buffer, emptied: ReadonlySet<SceneId>): void {
    if (scene.text === null || scene.text.trim() !== '' || emptied.has(scene.id)) return;
    if (parseScene(path, old, scene.lang).scene.text.trim() === '') return;
    throw new AppError('story/would-empty', 'An empty text would replace one that is not', {
      details: { file: path, sceneId: scene.id },
    });
  }

  #planWrite(
    writes: Write[],
    path: string,
    bytes: Buffer,
    old: Buffer | null,
    done: () => void,
    sceneId: SceneId | null = null,
  ): void {
    if (old?.equals(bytes)) done();
    else writes.push({ path, bytes, old, done, sceneId });
  }

  /** The bytes that stand at a path, after a copy was kept if they are not the ones we know. */
  async #ourOwn(path: string): Promise<Buffer | null> {
    const old = await this.#read(path);
    if (old !== null && sha256(old) !== this.known.get(path)?.sha256) await this.#keepAside(path, old);
    return old;
  }

  /** Keeps somebody else's version of a file beside it; resolves to the copy's path in the story folder. */
  async #keepAside(path: string, bytes: Buffer): Promise<string> {
    const names = new Set(await fs.readdir(dirname(this.#whole(path))));
    const aside = conflictPath(path, new Date(this.#now()), (candidate) => names.has(basename(candidate)));
    await atomicSave(this.#whole(aside), bytes, { expected: null, writer: this.#writer, disk: this.#disk });
    return aside;
  }

  /** Keeps their version of a scene beside it; see `*.conflict-<time>.md`. */
  async keepTheirs({ path, theirs }: ChangedOutside): Promise<string> {
    return this.#keepAside(path, theirs);
  }

  /** `null` when written, else the bytes that somebody else put there in the meantime. */
  async #write(
    { path, bytes, old, done, sceneId }: Write,
    ready = Promise.resolve(),
  ): Promise<Buffer | null> {
    let expected = old;
    for (;;) {
      const outcome = await atomicSave(this.#whole(path), bytes, {
        expected,
        writer: this.#writer,
        disk: this.#disk,
        ready,
      }).catch(async (thrown: unknown) => {
        await this.#noteIfRenamed(path, bytes);
        throw thrown;
      });
      if (outcome.outcome === 'saved') {
        await this.#remember(path, outcome.sha256);
        done();
        return null;
      }
      if (outcome.found !== null && sceneId !== null) return outcome.found;
      if (outcome.found !== null) await this.#keepAside(path, outcome.found);
      expected = outcome.found;
    }
  }

  /** A save that failed after its rename has put our bytes there; only the folder is not on the disk yet. */
  async #noteIfRenamed(path: string, bytes: Buffer): Promise<void> {
    const found = await fs.readFile(this.#whole(path)).catch(() => null);
    if (!found?.equals(bytes)) return;
    this.#unsynced.add(dirname(this.#whole(path)));
    await this.#remember(path, sha256(bytes));
  }

  async #remember(path: string, hash: string): Promise<void> {
    const { size, mtimeMs } = await fs.stat(this.#whole(path)).catch(() => ({ size: -1, mtimeMs: -1 }));
    this.known.set(path, { sha256: hash, size, mtimeMs });
  }

  #plannedManifest(story: Story, writes: readonly Write[], removals: readonly string[]) {
    const planned = new Map(writes.map(({ path, bytes }) => [path, sha256(bytes)]));
    const bytes = renderManifest(shellOf(story), manifestEntries(this, story, planned, new Set(removals)));
    return { bytes, changed: sha256(bytes) !== this.known.get(manifestPath)?.sha256 };
  }

  async #writeManifest(
    story: Story,
    { bytes, changed: differs }: { bytes: Buffer; changed: boolean },
    changed: readonly ChangedOutside[],
  ): Promise<void> {
    if (differs) {
      const old = await this.#ourOwn(manifestPath);
      await this.#write({ path: manifestPath, bytes, old, done: () => undefined, sceneId: null });
    }
    this.#manifestIsOld = false;
    const { scenes, characters, images } = this.saved;
    if (changed.length === 0) this.saved = { ...story, scenes, characters, images };
    else this.saved = { ...this.saved, ...shellOf(story) };
  }

  /** Deletes a file that is ours and still the one we know; anybody else's stays. */
  async #remove(path: string): Promise<void> {
    const bytes = await this.#read(path);
    if (bytes !== null && sha256(bytes) === this.known.get(path)?.sha256) {
      try {
        await fs.mkdir(this.#whole(join(cacheFolder, 'removed')), { recursive: true });
        await fs.rename(this.#whole(path), this.#whole(join(cacheFolder, 'removed', basename(path))));
        await syncFolder(dirname(this.#whole(path)), this.#disk);
      } catch (thrown) {
        throw diskError(thrown, path);
      }
    }
    this.known.delete(path);
  }

  /** Takes away the files of scenes and characters that the story has no longer, not even in its trash. */
  async #removeGone(story: Story): Promise<void> {
    for (const id of Object.keys(this.saved.scenes) as SceneId[]) {
      if (story.scenes[id]) continue;
      const path = this.sceneFiles.get(id);
      if (path !== undefined) {
        await this.#remove(path);
        if (this.known.has(alternativesPath(path))) await this.#remove(alternativesPath(path));
      }
      this.sceneFiles.delete(id);
      const { [id]: _gone, ...scenes } = this.saved.scenes;
      this.saved = { ...this.saved, scenes };
    }
    for (const id of Object.keys(this.saved.characters) as CharacterId[]) {
      if (story.characters[id]) continue;
      const path = this.characterFiles.get(id);
      if (path !== undefined) await this.#remove(path);
      this.characterFiles.delete(id);
      const { [id]: _gone, ...characters } = this.saved.characters;
      this.saved = { ...this.saved, characters };
    }
  }
}
