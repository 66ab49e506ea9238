import type { RasterFile } from '#shared/models/raster.ts';
import { type RasterSource, withRaster } from './withRaster.ts';

/** Has several pictures decoded, one after the other, and works with all their pixels. Errors: as those of `withRaster`. */
export async function withRasters<T>(
  source: RasterSource,
  paths: readonly string[],
  signal: AbortSignal | undefined,
  work: (rasters: readonly RasterFile[]) => Promise<T>,
): Promise<T> {
  const [path, ...rest] = paths;
  if (path === undefined) return work([]);
  return withRaster(source, path, signal, (raster) =>
    withRasters(source, rest, signal, (others) => work([raster, ...others])),
  );
}

/** The same for what is streamed: the pixels stay until the stream has ended. */
export async function* streamWithRasters<Event>(
  source: RasterSource,
  paths: readonly string[],
  signal: AbortSignal | undefined,
  work: (rasters: readonly RasterFile[]) => AsyncGenerator<Event>,
): AsyncGenerator<Event> {
  const ended = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<readonly RasterFile[]>();
  const held = withRasters(source, paths, signal, async (rasters) => {
    ready.resolve(rasters);
    await ended.promise;
  });
  held.catch((thrown: unknown) => ready.reject(thrown));
  try {
    yield* work(await ready.promise);
  } finally {
    ended.resolve();
    await held.catch(() => undefined);
  }
}
