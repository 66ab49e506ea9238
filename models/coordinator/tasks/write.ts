import type { RasterFile } from '#shared/models/raster.ts';
import type { Routing } from '#shared/models/routing.ts';
import type { WriteContext, WriteEvent } from '#shared/models/task.ts';
import { isDeterministic, pixelsHash } from '../../cache/cacheKey.ts';
import { readRaster } from '../../preprocessing/readRaster.ts';
import type { Router } from '../Router.ts';
import { type WantedSampling, writeWith } from '../writeWith.ts';
import { isText } from './isText.ts';

export interface WriteRequest {
  readonly context: WriteContext;
  readonly rasters?: readonly RasterFile[];
  readonly routing: Routing;
  readonly sampling: WantedSampling;
}

/** Streams a passage. A cancel ends it with `finish: 'cancelled'`. Errors: task/no-route, image/*, model/*. */
export async function* write(
  router: Router,
  { context, rasters = [], routing, sampling }: WriteRequest,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const request = {
    task: 'write',
    capability: 'text_generation',
    language: context.language,
    routing,
  } as const;
  router.route(request);
  const shown = await Promise.all(rasters.map(readRaster));
  const asked = { task: 'write', request: { context, sampling }, pixels: shown.map(pixelsHash) };
  yield* router.stream(
    request,
    signal,
    (lease, answered) => writeWith(lease, { ...context, shown }, sampling, answered, signal),
    isText,
    { asked: isDeterministic(sampling) ? asked : null },
  );
}
