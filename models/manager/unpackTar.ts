import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Parser, type ReadEntry } from 'tar';

export interface UnpackOptions {
  /** The folder to unpack into. */
  readonly to: string;
  /** Where an entry goes, relative to that folder; `null` leaves it out. What it throws ends the unpacking. */
  readonly placeOf: (entry: Pick<ReadEntry, 'path' | 'type' | 'size'>) => string | null;
  readonly signal: AbortSignal;
}

/**
 * Unpacks entries of a tar archive as it arrives, as plain files; returns where they went. Nothing is being written any more
 * when this ends, however it does. Errors: those of the archive, of `placeOf`, of the file system; the signal's reason.
 */
export async function unpackTar(
  stream: NodeJS.ReadableStream,
  { to, placeOf, signal }: UnpackOptions,
): Promise<string[]> {
  const writes: Promise<string>[] = [];
  const stop = new AbortController();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const write = async (entry: ReadEntry, path: string): Promise<string> => {
    const file = join(to, path);
    await mkdir(dirname(file), { recursive: true });
    const source = entry as unknown as NodeJS.ReadableStream;
    await pipeline(source, createWriteStream(file), { signal: stop.signal });
    return path;
  };
  const place = (entry: ReadEntry): string | null => {
    try {
      return placeOf(entry);
    } catch (error) {
      reject(error);
      return null;
    }
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const path = place(entry);
      if (path === null) {
        entry.resume();
        return;
      }
      const written = write(entry, path);
      written.catch(reject);
      writes.push(written);
    },
  });
  const abort = () => {
    stream.emit('error', signal.reason);
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    stream.on('error', reject);
    parser.on('error', reject);
    parser.on('end', resolve);
    stream.pipe(parser);
    await ended;
    return await Promise.all(writes);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(writes);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
