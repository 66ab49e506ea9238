import type { RasterTurn } from '#shared/models/conversation.ts';
import type { Routing } from '#shared/models/routing.ts';
import type { WriteEvent } from '#shared/models/task.ts';
import type { Language } from '#shared/story/scene.ts';
import { isDeterministic, pixelsHash } from '../../cache/cacheKey.ts';
import { readRaster } from '../../preprocessing/readRaster.ts';
import { converseWith, type SeenTurn } from '../converseWith.ts';
import type { RouteRequest } from '../planRoute.ts';
import type { Router } from '../Router.ts';
import type { WantedSampling } from '../writeWith.ts';
import { isText } from './isText.ts';
import { lookRequest } from './look.ts';

export interface ConverseRequest {
  readonly language: Language;
  /** The last one is answered. */
  readonly turns: readonly RasterTurn[];
  readonly routing: Routing;
  readonly sampling: WantedSampling;
}

/** Streams the answer to the last turn of a conversation about pictures. Errors: task/no-route, image/*, model/*. */
export async function* converse(
  router: Router,
  { language, turns, routing, sampling }: ConverseRequest,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const pictures = turns.reduce((sum, { rasters }) => sum + rasters.length, 0);
  const request: RouteRequest = {
    ...lookRequest('answer', { language, routing }),
    // BLIP-2 looks at one picture and no more.
    suits: ({ manifest }) => pictures < 2 || manifest.writing !== undefined,
  };
  router.route(request);
  const seen: SeenTurn[] = [];
  for (const { role, text, rasters } of turns) {
    seen.push({ role, text, pictures: await Promise.all(rasters.map(readRaster)) });
  }
  const asked = {
    task: 'converse',
    request: {
      language,
      sampling,
      turns: turns.map(({ role, text, rasters }) => [role, text, rasters.length]),
    },
    pixels: seen.flatMap(({ pictures: shown }) => shown.map(pixelsHash)),
  };
  yield* router.stream(
    request,
    signal,
    (lease, answered) => converseWith(lease, seen, sampling, answered, signal),
    isText,
    { asked: isDeterministic(sampling) ? asked : null },
  );
}
