import type { ComposeContext } from '#shared/models/compose.ts';
import type { Routing } from '#shared/models/routing.ts';
import type { WriteEvent } from '#shared/models/task.ts';
import { isDeterministic } from '../../cache/cacheKey.ts';
import { composeWith, usualSampling } from '../composeWith.ts';
import type { Router } from '../Router.ts';
import type { WantedSampling } from '../writeWith.ts';
import { isText } from './isText.ts';

export interface ComposeRequest {
  readonly context: ComposeContext;
  readonly routing: Routing;
  readonly sampling: WantedSampling;
}

/** Streams a title, characters, a plan, a summary, a translation or a new version. Errors: task/no-route, model/*. */
export const compose = (
  router: Router,
  { context, routing, sampling }: ComposeRequest,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> =>
  router.stream(
    {
      task: 'compose',
      capability: 'text_generation',
      language: context.language,
      routing,
      suits: ({ manifest }) =>
        manifest.writing?.form === 'chat' &&
        (context.purpose !== 'translation' || manifest.languages.length > 1),
    },
    signal,
    (lease, answered) => composeWith(lease, context, sampling, answered, signal),
    isText,
    {
      asked: isDeterministic({ ...usualSampling[context.purpose], ...sampling })
        ? { task: 'compose', request: { context, sampling }, pixels: [] }
        : null,
    },
  );
