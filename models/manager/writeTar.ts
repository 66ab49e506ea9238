import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Header, Pax } from 'tar';
import { AppError } from '#shared/errors/AppError.ts';
import { checkRoom } from './download/diskRoom.ts';
import type { Watch } from './hashFile.ts';
import { syncFolder } from './syncTree.ts';
import { writeAll } from './writeAll.ts';

/** A file to put into an archive, and what it must be; `sha256` is `null` where nobody knows. */
export interface TarFile {
  /** Its path in the folder and in the archive. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string | null;
}

const blockBytes = 512;
const chunkBytes = 1024 * 1024;

/**
 * Writes files of a folder into a plain tar archive. It is written aside, synced and only then given its name: there is the
 * old file, or none, or the whole archive. Errors: model/damaged for a file that is not what it must be, disk/full and those
 * of the file system; the signal's reason.
 */
export async function writeTar(
  folder: string,
  files: readonly TarFile[],
  target: string,
  watch: Watch,
): Promise<void> {
  await checkRoom(
    dirname(target),
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const aside = `${target}.${randomUUID().slice(0, 8)}.part`;
  try {
    const handle = await open(aside, 'wx');
    try {
      for (const file of files) {
        for await (const chunk of entryOf(folder, file, watch)) await writeAll(handle, chunk);
      }
      await writeAll(handle, Buffer.alloc(2 * blockBytes));
      await handle.sync();
    } finally {
      await handle.close();
    }
    watch.signal?.throwIfAborted();
    await rename(aside, target);
    await syncFolder(dirname(target));
  } finally {
    await rm(aside, { force: true });
  }
}

async function* entryOf(
  folder: string,
  { name, bytes, sha256 }: TarFile,
  { signal, onBytes }: Watch,
): AsyncGenerator<Uint8Array> {
  const header = Buffer.alloc(blockBytes);
  const facts = { path: name, size: bytes, mode: 0o644 };
  // Long names and sizes above 8 GiB need a header of their own before it.
  if (new Header({ ...facts, type: 'File' }).encode(header, 0)) yield new Pax(facts).encode();
  yield header;
  const hash = createHash('sha256');
  let read = 0;
  const source = createReadStream(join(folder, name), {
    highWaterMark: chunkBytes,
    ...(signal ? { signal } : {}),
  });
  for await (const chunk of source as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > bytes) break;
    hash.update(chunk);
    onBytes?.(chunk.length);
    yield chunk;
  }
  if (read !== bytes || (sha256 !== null && hash.digest('hex') !== sha256)) {
    throw new AppError('model/damaged', `${name} is not what it should be`, { details: { file: name } });
  }
  yield Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);
}
