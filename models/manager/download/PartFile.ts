import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { hashFile, type Watch } from '../hashFile.ts';
import { syncFolder } from '../syncTree.ts';
import { partSuffixes } from './safePath.ts';

const State = z.object({ etag: z.string().nullable(), digest: z.string() });

/** What a finished file must be: its size and one of the two hashes that a hub tells. */
export interface Expected {
  readonly bytes: number;
  readonly sha256: string | null;
  /** Git's hash of small files: sha1 of "blob <size>\0" and the bytes. */
  readonly gitSha1: string | null;
}

const digestOf = ({ sha256, gitSha1, bytes }: Expected): string => sha256 ?? gitSha1 ?? String(bytes);

/** Whether a file is of the right size, without a look at its bytes. */
export const hasSize = (file: string, bytes: number): Promise<boolean> =>
  stat(file).then(
    (facts) => facts.isFile() && facts.size === bytes,
    () => false,
  );

/** Whether a file is what it must be, read from the disk. Errors: those of reading; the signal's reason. */
export async function isExactly(file: string, expected: Expected, watch: Watch = {}): Promise<boolean> {
  if (!(await hasSize(file, expected.bytes))) return false;
  const [hash, wanted] =
    expected.sha256 === null
      ? [createHash('sha1').update(`blob ${String(expected.bytes)}\0`), expected.gitSha1]
      : [createHash('sha256'), expected.sha256];
  return (await hashFile(file, hash, watch)) === wanted;
}

/** The part of a file that is there already, kept beside its place; it survives the process. */
export class PartFile {
  readonly #target: string;
  readonly #expected: Expected;

  constructor(target: string, expected: Expected) {
    this.#target = target;
    this.#expected = expected;
  }

  get #part(): string {
    return this.#target + partSuffixes.bytes;
  }

  get #state(): string {
    return this.#target + partSuffixes.state;
  }

  /** Bytes that are there and the version they belong to; nothing where they belong to another file. */
  async begun(): Promise<{ readonly have: number; readonly etag: string | null }> {
    try {
      const state = State.parse(JSON.parse(await readFile(this.#state, 'utf8')));
      const { size } = await stat(this.#part);
      if (state.digest === digestOf(this.#expected) && size <= this.#expected.bytes) {
        return { have: size, etag: state.etag };
      }
    } catch {
      // No part, or one that nobody can vouch for.
    }
    await this.discard();
    return { have: 0, etag: null };
  }

  /** Opens the part for bytes from `from` on; what lies beyond is cut off. */
  async open(from: number, etag: string | null): Promise<FileHandle> {
    if (from === 0) {
      await mkdir(dirname(this.#target), { recursive: true });
      // First nothing that the new state could be taken for the state of.
      await rm(this.#part, { force: true });
    }
    await this.#writeState(etag);
    const handle = await open(this.#part, from === 0 ? 'w' : 'r+');
    if (from > 0) await handle.truncate(from);
    return handle;
  }

  /** In one step: a process that is killed here must not leave a part that nobody can vouch for. */
  async #writeState(etag: string | null): Promise<void> {
    const state = JSON.stringify({ etag, digest: digestOf(this.#expected) });
    if ((await readFile(this.#state, 'utf8').catch(() => null)) === state) return;
    const aside = this.#target + partSuffixes.newState;
    await writeFile(aside, state, { flush: true });
    await rename(aside, this.#state);
  }

  /** Puts the part in its place if it is what it must be; throws it away if not. */
  async finish(watch: Watch = {}): Promise<boolean> {
    if (!(await isExactly(this.#part, this.#expected, watch))) {
      await this.discard();
      return false;
    }
    const handle = await open(this.#part, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(this.#part, this.#target);
    await this.discard();
    await syncFolder(dirname(this.#target));
    return true;
  }

  async discard(): Promise<void> {
    for (const suffix of Object.values(partSuffixes)) await rm(this.#target + suffix, { force: true });
  }
}
