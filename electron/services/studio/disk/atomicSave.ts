import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError, isHeldForNow, isMissing } from './diskError.ts';

/** The calls a save makes: a seam, so that every one of them can be made to fail. */
export type DiskCalls = Pick<typeof fs, 'open' | 'rename' | 'unlink' | 'readFile'>;

/** What is on the disk after a save, or the bytes somebody else put there, which were left alone. */
export type SaveOutcome =
  | { readonly outcome: 'saved'; readonly sha256: string }
  | { readonly outcome: 'changed'; readonly found: Buffer | null };

export interface SaveOptions {
  /** The bytes that must still be there, `null` for "no file"; anything else found there stops the save. Left out: any. */
  readonly expected?: Uint8Array | null;
  /** Tells the temporary files of two writers apart. */
  readonly writer: string;
  readonly disk?: DiskCalls;
  /** Awaited before the rename; what it waits for may run while the bytes are written. */
  readonly ready?: Promise<void>;
}

const tempPattern = /^\..+\.[0-9a-z]{8}\.storyloom-tmp$/;

/** Whether a file name is one of our temporary files: a leftover of a crash when found at opening. */
export const isTemporary = (name: string): boolean => tempPattern.test(name);

/** SHA-256 in hex. */
export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

const onWindows = process.platform === 'win32';
const writeOnly =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (onWindows ? 0 : constants.O_NOFOLLOW);

async function writeFully(disk: DiskCalls, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(path, writeOnly, 0o666);
  try {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await file.write(bytes, written, bytes.length - written, written);
      if (bytesWritten <= 0) throw Object.assign(new Error('The disk took no bytes'), { code: 'ENOSPC' });
      written += bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function renameOver(disk: DiskCalls, from: string, to: string): Promise<void> {
  for (let waitMs = 20; ; waitMs *= 2) {
    try {
      await disk.rename(from, to);
      return;
    } catch (thrown) {
      if (!onWindows || !isHeldForNow(thrown) || waitMs > 5_000) throw thrown;
      await delay(waitMs);
    }
  }
}

/** Makes a rename or removal in `folder` outlive a power cut. Windows has no such call and needs none. */
export async function syncFolder(folder: string, disk: Pick<DiskCalls, 'open'> = fs): Promise<void> {
  if (onWindows) return;
  const handle = await disk.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The bytes of a file, `null` when there is none. Errors: disk/*. */
export async function readIfThere(
  path: string,
  disk: Pick<DiskCalls, 'readFile'> = fs,
): Promise<Buffer | null> {
  try {
    return await disk.readFile(path);
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw diskError(thrown, path);
  }
}

const unchanged = (found: Uint8Array | null, expected: Uint8Array | null): boolean =>
  found === null || expected === null ? found === expected : Buffer.compare(found, expected) === 0;

/**
 * Puts `bytes` at `path` so that a crash, a power cut or a full disk leaves either the old or the new file, whole.
 * The file is written beside the target, fsynced, read back and compared, and only then renamed over it; when this
 * returns `saved` the rename is on the disk too. Never writes into the target itself. Errors: disk/*; then the old
 * file stands and no temporary file is left.
 */
export async function atomicSave(
  path: string,
  bytes: Uint8Array,
  options: SaveOptions,
): Promise<SaveOutcome> {
  const disk = options.disk ?? fs;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${options.writer}.storyloom-tmp`);
  let renamed = false;
  try {
    await writeFully(disk, temporary, bytes);
    if (!unchanged(await disk.readFile(temporary), bytes)) {
      throw new AppError('disk/failed', 'The disk gave back other bytes than were written', {
        details: { file: path },
      });
    }
    await options.ready;
    if (options.expected !== undefined) {
      const found = await readIfThere(path, disk);
      if (!unchanged(found, options.expected)) {
        await disk.unlink(temporary);
        return { outcome: 'changed', found };
      }
    }
    await renameOver(disk, temporary, path);
    renamed = true;
    await syncFolder(folder, disk);
    return { outcome: 'saved', sha256: sha256(bytes) };
  } catch (thrown) {
    if (!renamed) await disk.unlink(temporary).catch(() => undefined);
    throw diskError(thrown, path);
  }
}
