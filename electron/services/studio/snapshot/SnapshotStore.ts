import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { SnapshotInfo } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { createId, type StoryId } from '#shared/story/ids.ts';
import { atomicSave, isTemporary, sha256, syncFolder } from '../disk/atomicSave.ts';
import { diskError, isMissing } from '../disk/diskError.ts';
import { maxFileBytes, parseJson } from '../files/json.ts';
import { forEachAtOnce, type ProjectSource } from '../project/projectSource.ts';
import { planPruning } from './retention.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const SnapshotFile = SnapshotInfo.extend({
  /** Hash of the list of the story's files, which is kept like one of them. */
  tree: z.string(),
  /** Bytes that this snapshot added to the store. */
  addedBytes: z.number().nonnegative(),
});
type SnapshotFile = z.infer<typeof SnapshotFile>;

/** Hash of each file of the story, by path. */
const Tree = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
type Tree = z.infer<typeof Tree>;

/** A file to keep: its bytes are only asked for where the store does not have them yet. */
export interface SnapshotSourceFile {
  readonly sha256: string;
  readonly bytes: () => Promise<Buffer>;
}

export interface SnapshotRequest {
  readonly name: string;
  readonly reason: SnapshotInfo['reason'];
  readonly words: number;
  readonly scenes: number;
  readonly files: ReadonlyMap<string, SnapshotSourceFile>;
}

export interface SnapshotStoreOptions {
  readonly userDataFolder: string;
  readonly storyId: StoryId;
  readonly now: () => number;
  /** Above it the oldest snapshots go. */
  readonly limitBytes: number;
}

/** The saved states of one story: files by their hash, outside the project, each stored once however many snapshots hold it. */
export class SnapshotStore {
  readonly #folder: string;
  readonly #options: SnapshotStoreOptions;
  readonly #writer = createId().slice(0, 8);
  readonly #have = new Set<string>();
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
    this.#folder = join(options.userDataFolder, 'snapshots', options.storyId);
  }

  /** Newest first. */
  async list(): Promise<SnapshotInfo[]> {
    const all = await this.#all();
    return all.map(({ tree: _tree, addedBytes: _bytes, ...info }) => info);
  }

  /** Keeps a state; resolves when it is on the disk. Errors: disk/*, story/conflict (a file is not the one named any more). */
  create(request: SnapshotRequest): Promise<SnapshotInfo> {
    return this.#inTurn(async () => {
      const nowMs = this.#options.now();
      const files = Array.from(request.files, ([path, file]) => [path, file.sha256] as const);
      const list = Buffer.from(JSON.stringify(Object.fromEntries(files)));
      const tree: SnapshotSourceFile = { sha256: sha256(list), bytes: () => Promise.resolve(list) };
      const addedBytes = await this.#storeMissing([...request.files.values(), tree]);
      const info: SnapshotInfo = {
        id: `${String(nowMs).padStart(14, '0')}-${createId()}`,
        at: new Date(nowMs).toISOString(),
        name: request.name,
        reason: request.reason,
        words: request.words,
        scenes: request.scenes,
      };
      const file: SnapshotFile = { ...info, tree: tree.sha256, addedBytes };
      await this.#write(join('list', `${info.id}.json`), Buffer.from(JSON.stringify(file)));
      await this.#prune().catch(() => undefined);
      return info;
    });
  }

  /** The files of a snapshot, for the same reader that opens a story folder. Errors: snapshot/not-found. */
  async open(id: string): Promise<ProjectSource> {
    const files = await this.#tree(await this.#one(id));
    return {
      list: () =>
        Promise.resolve(
          new Map(
            Object.keys(files)
              .sort()
              .map((path) => [path, { size: 0, mtimeMs: 0 }]),
          ),
        ),
      read: async (path) => {
        const bytes = await this.read(files[path] ?? '');
        if (bytes === null) throw new AppError('snapshot/not-found', `The snapshot has lost ${path}`);
        return bytes;
      },
    };
  }

  /** A file's bytes by their hash, checked; `null` where they are not kept or damaged. */
  async read(hash: string): Promise<Buffer | null> {
    if (!/^[0-9a-f]{64}$/.test(hash)) return null;
    try {
      const bytes = await unpack(await fs.readFile(this.#blob(hash)), { maxOutputLength: maxFileBytes });
      return sha256(bytes) === hash ? bytes : null;
    } catch {
      return null;
    }
  }

  async #tree({ id, tree }: SnapshotFile): Promise<Tree> {
    const bytes = await this.read(tree);
    const result = bytes === null ? null : Tree.safeParse(parseJson(bytes));
    if (!result?.success) throw new AppError('snapshot/not-found', `The snapshot ${id} is damaged`);
    return result.data;
  }

  #blob(hash: string): string {
    return join(this.#folder, 'files', hash.slice(0, 2), `${hash}.gz`);
  }

  /** One change of the store at a time: pruning never meets half a snapshot. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#working.then(work, work);
    this.#working = result.catch(() => undefined);
    return result;
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    const whole = join(this.#folder, path);
    try {
      await fs.mkdir(join(whole, '..'), { recursive: true });
    } catch (thrown) {
      throw diskError(thrown, whole);
    }
    await atomicSave(whole, bytes, { writer: this.#writer });
  }

  async #storeMissing(files: readonly SnapshotSourceFile[]): Promise<number> {
    let added = 0;
    const wanted = new Map(files.map((file) => [file.sha256, file]));
    const missing = Array.from(wanted.values()).filter((file) => !this.#have.has(file.sha256));
    await forEachAtOnce(missing, 16, async (file) => {
      const path = this.#blob(file.sha256);
      const there = await fs.stat(path).then(
        () => true,
        () => false,
      );
      if (!there) {
        const bytes = await file.bytes();
        if (sha256(bytes) !== file.sha256) {
          throw new AppError('story/conflict', 'A file changed while it was being kept');
        }
        const packed = await pack(bytes, { level: 4 });
        await this.#write(join('files', file.sha256.slice(0, 2), `${file.sha256}.gz`), packed);
        added += packed.length;
      }
      this.#have.add(file.sha256);
    });
    return added;
  }

  async #all(): Promise<SnapshotFile[]> {
    const names = await fs.readdir(join(this.#folder, 'list')).catch((thrown: unknown) => {
      if (isMissing(thrown)) return [];
      throw diskError(thrown, this.#folder);
    });
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
    const found: SnapshotFile[] = [];
    await forEachAtOnce(ids, 16, async (id) => {
      const file = await this.#one(id).catch(() => null);
      if (file) found.push(file);
    });
    return found.sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  async #one(id: string): Promise<SnapshotFile> {
    const missing = () => new AppError('snapshot/not-found', `No snapshot ${id}`);
    if (!/^\d{14}-[0-9a-z]{10}$/.test(id)) throw missing();
    const bytes = await fs.readFile(join(this.#folder, 'list', `${id}.json`)).catch(() => {
      throw missing();
    });
    const result = SnapshotFile.safeParse(parseJson(bytes));
    if (!result.success) throw missing();
    return result.data;
  }

  async #prune(): Promise<void> {
    const all = await this.#all();
    const kept = all.map(({ id, at, reason, addedBytes }) => ({ id, at, reason, bytes: addedBytes }));
    const removed = new Set(planPruning(kept, this.#options.now(), this.#options.limitBytes));
    if (removed.size === 0) return;
    for (const id of removed) await fs.rm(join(this.#folder, 'list', `${id}.json`), { force: true });
    await syncFolder(join(this.#folder, 'list'));
    const needed = new Set<string>();
    for (const file of all.filter(({ id }) => !removed.has(id))) {
      needed.add(file.tree);
      for (const hash of Object.values(await this.#tree(file))) needed.add(hash);
    }
    for (const folder of await fs.readdir(join(this.#folder, 'files'))) {
      for (const name of await fs.readdir(join(this.#folder, 'files', folder))) {
        const hash = name.replace(/\.gz$/, '');
        if (needed.has(hash) && !isTemporary(name)) continue;
        this.#have.delete(hash);
        await fs.rm(join(this.#folder, 'files', folder, name), { force: true });
      }
    }
  }
}
