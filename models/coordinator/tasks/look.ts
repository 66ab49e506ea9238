import type { ModelId } from '#shared/models/manifest.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { Answered, Routing, TaskKind } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';
import { pixelsHash } from '../../cache/cacheKey.ts';
import type { Json } from '../../cache/canonicalJson.ts';
import type { Lease } from '../../manager/ModelManager.ts';
import type { Raster } from '../../preprocessing/raster.ts';
import { readRaster } from '../../preprocessing/readRaster.ts';
import type { RouteRequest } from '../planRoute.ts';
import type { Router } from '../Router.ts';

/** A picture to look at, and who may. */
export interface Look {
  readonly language: Language;
  readonly raster: RasterFile;
  readonly routing: Routing;
  /** The one model that may. */
  readonly only?: ModelId;
}

/** Which models may do something with a picture. */
export const lookRequest = (
  task: TaskKind,
  { language, routing, only }: Pick<Look, 'language' | 'routing' | 'only'>,
): RouteRequest => ({
  task,
  capability: 'question_answering',
  language,
  routing,
  ...(only === undefined ? {} : { suits: ({ manifest }) => manifest.id === only }),
});

/**
 * Does something with a picture on the first model that sees and can; what was `asked` of the same picture before is
 * remembered, for all such answers are greedy. Errors: task/no-route, naming the models that see;
 * image/*, model/*.
 */
export async function look<Result>(
  router: Router,
  task: TaskKind,
  { raster, ...request }: Look,
  signal: AbortSignal,
  work: (lease: Lease, picture: Raster) => Promise<Result>,
  asked: Json,
): Promise<{ answered: Answered; result: Result }> {
  const wanted = lookRequest(task, request);
  router.route(wanted);
  const picture = await readRaster(raster);
  return router.run(wanted, signal, (lease) => work(lease, picture), {
    asked: { task, request: asked, pixels: [pixelsHash(picture)] },
  });
}
