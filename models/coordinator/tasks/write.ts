import type { Routing } from '#shared/models/routing.ts';
import type { WriteContext, WriteEvent } from '#shared/models/task.ts';
import type { Router } from '../Router.ts';
import { type WantedSampling, writeWith } from '../writeWith.ts';
import { isText } from './isText.ts';

export interface WriteRequest {
  readonly context: WriteContext;
  readonly routing: Routing;
  readonly sampling: WantedSampling;
}

/** Streams a passage. A cancel ends it with `finish: 'cancelled'`. Errors: task/no-route, model/*. */
export const write = (
  router: Router,
  { context, routing, sampling }: WriteRequest,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> =>
  router.stream(
    { task: 'write', capability: 'text_generation', language: context.language, routing },
    signal,
    (lease, answered) => writeWith(lease, context, sampling, answered, signal),
    isText,
  );
