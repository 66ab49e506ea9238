import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { StoryId } from '#shared/story/ids.ts';
import { sha256, syncFolder } from '../disk/atomicSave.ts';
import { diskError, isMissing } from '../disk/diskError.ts';
import { type JournalRecord, parseRecords, printRecord } from './records.ts';

interface Waiting {
  readonly text: string;
  readonly done: () => void;
  readonly failed: (thrown: unknown) => void;
}

const fileName = (generation: number): string => `${String(generation).padStart(8, '0')}.journal`;
const generationOf = (name: string): number | null =>
  /^\d{8}\.journal$/.test(name) ? Number.parseInt(name, 10) : null;

const journalFolder = (userDataFolder: string, storyFolder: string): string =>
  join(userDataFolder, 'journals', sha256(storyFolder).slice(0, 24));

async function generationsIn(folder: string): Promise<number[]> {
  try {
    const names = await fs.readdir(folder);
    return names.flatMap((name) => generationOf(name) ?? []).sort((a, b) => a - b);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw diskError(thrown, folder);
  }
}

async function recordsIn(folder: string): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (const generation of await generationsIn(folder)) {
    records.push(...parseRecords(await fs.readFile(join(folder, fileName(generation)))));
  }
  return records;
}

/** The journal of a story that was moved or renamed since it crashed: its old folder is gone, its id is the same. */
async function journalOfMoved(userDataFolder: string, storyId: StoryId): Promise<string | null> {
  const all = join(userDataFolder, 'journals');
  for (const name of await fs.readdir(all).catch((): string[] => [])) {
    const folder = join(all, name);
    const start = (await recordsIn(folder).catch((): JournalRecord[] => [])).find(({ t }) => t === 'start');
    if (start?.t !== 'start' || start.storyId !== storyId) continue;
    if (await fs.stat(start.folder).then(() => false, isMissing)) return folder;
  }
  return null;
}

/**
 * What was done to a story since its last save, outside its folder, so that a crash costs nothing that was
 * acknowledged. Append-only files, one per save; many appends at once share one fsync.
 */
export class Journal {
  /** What an earlier run left behind, oldest first. */
  readonly left: readonly JournalRecord[];
  readonly #folder: string;
  #generation: number;
  #file: { generation: number; handle: fs.FileHandle } | null = null;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | null = null;

  private constructor(folder: string, generation: number, left: readonly JournalRecord[]) {
    this.#folder = folder;
    this.#generation = generation;
    this.left = left;
  }

  /** Errors: disk/*. */
  static async open(userDataFolder: string, storyFolder: string, storyId: StoryId): Promise<Journal> {
    const folder = journalFolder(userDataFolder, storyFolder);
    try {
      if ((await generationsIn(folder)).length === 0) {
        const moved = await journalOfMoved(userDataFolder, storyId);
        if (moved !== null) {
          await fs.rm(folder, { recursive: true, force: true });
          await fs.rename(moved, folder);
        }
      }
      await fs.mkdir(folder, { recursive: true });
      await syncFolder(join(userDataFolder, 'journals'));
      const generations = await generationsIn(folder);
      return new Journal(folder, (generations.at(-1) ?? 0) + 1, await recordsIn(folder));
    } catch (thrown) {
      throw diskError(thrown, folder);
    }
  }

  get generation(): number {
    return this.#generation;
  }

  /** Resolves once the records are on the disk. Errors: disk/*; then nothing after them can be read back: `rotate`. */
  append(records: readonly JournalRecord[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ text: records.map(printRecord).join(''), done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const handle = await this.#handle();
        await writeAll(handle, Buffer.from(batch.map(({ text }) => text).join('')));
        await handle.datasync();
        for (const { done } of batch) done();
      } catch (thrown) {
        const error = diskError(thrown, this.#folder);
        for (const { failed } of batch) failed(error);
      }
    }
    this.#flushing = null;
  }

  async #handle(): Promise<fs.FileHandle> {
    if (this.#file?.generation === this.#generation) return this.#file.handle;
    await this.#file?.handle.close();
    this.#file = null;
    const generation = this.#generation;
    await fs.mkdir(this.#folder, { recursive: true });
    const handle = await fs.open(join(this.#folder, fileName(generation)), 'a', 0o600);
    this.#file = { generation, handle };
    await syncFolder(this.#folder);
    return handle;
  }

  /** Following records go to a new file; resolves to the number of the one that is now complete. */
  async rotate(): Promise<number> {
    await this.#settled();
    const complete = this.#generation;
    this.#generation += 1;
    return complete;
  }

  /** Adds a record to a generation that is complete; does nothing where nothing stands in it. Errors: disk/*. */
  async note(generation: number, record: JournalRecord): Promise<void> {
    await this.#settled();
    const path = join(this.#folder, fileName(generation));
    try {
      const handle = await fs.open(path, constants.O_WRONLY | constants.O_APPEND);
      try {
        await writeAll(handle, Buffer.from(printRecord(record)));
        await handle.datasync();
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      if (!isMissing(thrown)) throw diskError(thrown, path);
    }
  }

  /** Forgets everything up to and including a generation: its commands are in the story's files. */
  async discardThrough(generation: number): Promise<void> {
    await this.#settled();
    if (this.#file && this.#file.generation <= generation) {
      await this.#file.handle.close();
      this.#file = null;
    }
    for (const old of await generationsIn(this.#folder)) {
      if (old <= generation) await fs.rm(join(this.#folder, fileName(old)), { force: true });
    }
  }

  async #settled(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  /** Lets go of the file; removes the folder where nothing is left to recover. */
  async close(): Promise<void> {
    await this.#settled();
    await this.#file?.handle.close();
    this.#file = null;
    await fs.rmdir(this.#folder).catch(() => undefined);
  }
}

async function writeAll(handle: fs.FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written);
    if (bytesWritten <= 0) throw Object.assign(new Error('The disk took no bytes'), { code: 'ENOSPC' });
    written += bytesWritten;
  }
}
