import type { Command } from '#shared/story/commands.ts';
import type { Story } from '#shared/story/story.ts';
import { alternativesPath } from '../files/fileNames.ts';
import { imageIndexPath } from '../files/imageIndex.ts';
import { manifestPath, shellOf } from '../files/manifestFile.ts';
import type { StoryFolder } from '../project/StoryFolder.ts';
import type { BaseRecord, JournalRecord } from './records.ts';
import { type StoryPart, touchedParts } from './touched.ts';

/** Knows which parts of the story the current journal file has a base of. */
export class JournalBases {
  readonly #folder: StoryFolder;
  /** By part: whether the base held a text. */
  #known = new Map<string, boolean>();
  #started = false;
  #inFlight: Readonly<Record<string, string | null>> | null = null;

  constructor(folder: StoryFolder) {
    this.#folder = folder;
  }

  /** A new journal file begins. */
  forget(): void {
    this.#known = new Map();
    this.#started = false;
  }

  /** Whether the current journal file has records. */
  get hasStarted(): boolean {
    return this.#started;
  }

  /**
   * A save is writing these files (`null`: it is over). Bases that are recorded meanwhile say so, because the older
   * journal file, which knows it too, is gone when the save is over.
   */
  saving(files: Readonly<Record<string, string | null>> | null): void {
    this.#inFlight = files;
  }

  /** The records that must stand before `commands`, which are about to be applied to `story`. */
  needed(story: Story, commands: readonly Command[]): JournalRecord[] {
    const records: JournalRecord[] = [];
    if (!this.#started) {
      this.#started = true;
      const { folder } = this.#folder;
      records.push({ t: 'start', storyId: story.id, folder, at: new Date().toISOString() });
      if (this.#inFlight) records.push({ t: 'intent', files: { ...this.#inFlight } });
    }
    for (const part of commands.flatMap((command) => touchedParts(story, command))) {
      const key = part.part === 'shell' ? 'shell' : `${part.part} ${part.id}`;
      const hasText = part.part !== 'scene' || story.scenes[part.id]?.text !== null;
      if (this.#known.has(key) && (this.#known.get(key) || !hasText)) continue;
      this.#known.set(key, hasText);
      records.push(this.#base(story, part));
    }
    return records;
  }

  #base(story: Story, part: StoryPart): BaseRecord {
    const hashes = (paths: readonly string[]) =>
      Object.fromEntries(paths.map((path) => [path, this.#folder.known.get(path)?.sha256 ?? null]));
    switch (part.part) {
      case 'scene': {
        const path = this.#folder.sceneFiles.get(part.id);
        const files = hashes(path === undefined ? [] : [path, alternativesPath(path)]);
        return { t: 'base', part: 'scene', id: part.id, value: story.scenes[part.id] ?? null, files };
      }
      case 'character': {
        const path = this.#folder.characterFiles.get(part.id);
        const files = hashes(path === undefined ? [] : [path]);
        return { t: 'base', part: 'character', id: part.id, value: story.characters[part.id] ?? null, files };
      }
      case 'image':
        return {
          t: 'base',
          part: 'image',
          id: part.id,
          value: story.images[part.id] ?? null,
          files: hashes([imageIndexPath]),
        };
      case 'shell':
        return { t: 'base', part: 'shell', value: shellOf(story), files: hashes([manifestPath]) };
    }
  }
}
