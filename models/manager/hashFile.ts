import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Who follows the reading of a large file, and may end it. */
export interface Watch {
  readonly signal?: AbortSignal;
  /** Told how many more bytes were read. */
  readonly onBytes?: (bytes: number) => void;
}

const chunkBytes = 1024 * 1024;

/** The hash of a file's bytes in hex, `hash` having begun. Errors: those of the file system; the signal's reason. */
export async function hashFile(file: string, hash: Hash, { signal, onBytes }: Watch = {}): Promise<string> {
  const source = createReadStream(file, { highWaterMark: chunkBytes });
  if (onBytes) source.on('data', (chunk) => onBytes(chunk.length));
  await pipeline(source, hash, signal ? { signal } : {});
  return hash.digest('hex');
}

/** SHA-256 of a file in hex. Errors: those of the file system; the signal's reason. */
export const sha256Of = (file: string, watch: Watch = {}): Promise<string> =>
  hashFile(file, createHash('sha256'), watch);
