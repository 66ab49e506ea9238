import { AppError } from '#shared/errors/AppError.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import { type RasterSource, withRaster } from './withRaster.ts';

/** What becomes of a picture that cannot be decoded. */
type Undecodable = 'refuse' | 'leave-out';

/** Has several pictures decoded, one after the other, and works with all their pixels. Errors: as those of `withRaster`. */
export async function withRasters<T>(
  source: RasterSource,
  paths: readonly string[],
  signal: AbortSignal | undefined,
  work: (rasters: readonly RasterFile[]) => Promise<T>,
  undecodable: Undecodable = 'refuse',
): Promise<T> {
  const [path, ...rest] = paths;
  if (path === undefined) return work([]);
  const others = (first: readonly RasterFile[]) =>
    withRasters(source, rest, signal, (more) => work([...first, ...more]), undecodable);
  let isDecoded = false as boolean;
  try {
    return await withRaster(source, path, signal, (raster) => {
      isDecoded = true;
      return others([raster]);
    });
  } catch (thrown) {
    const isOfPicture = !isDecoded && /^(?:image|imaging)\//.test(AppError.from(thrown).code);
    if (undecodable === 'refuse' || !isOfPicture || signal?.aborted) throw thrown;
    return others([]);
  }
}

/** Streams what is made with the pixels of several pictures, which stay until the stream has ended. Errors: likewise. */
export async function* streamWithRasters<Event>(
  source: RasterSource,
  paths: readonly string[],
  signal: AbortSignal | undefined,
  work: (rasters: readonly RasterFile[]) => AsyncGenerator<Event>,
  undecodable: Undecodable = 'refuse',
): AsyncGenerator<Event> {
  const ended = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<readonly RasterFile[]>();
  const held = withRasters(
    source,
    paths,
    signal,
    async (rasters) => {
      ready.resolve(rasters);
      await ended.promise;
    },
    undecodable,
  );
  held.catch((thrown: unknown) => ready.reject(thrown));
  try {
    yield* work(await ready.promise);
  } finally {
    ended.resolve();
    await held.catch(() => undefined);
  }
}
