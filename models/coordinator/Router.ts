import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId, ModelManifest } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Answered, RouteReason, Tried } from '#shared/models/routing.ts';
import type { Lease, ModelManager } from '../manager/ModelManager.ts';
import { installHints } from './installHints.ts';
import { explainRoute, planRoute, type RouteRequest } from './planRoute.ts';

/** A model that has to be loaded before it can answer. */
export interface Loading {
  readonly type: 'loading';
  readonly modelId: ModelId;
}

/** The one way to a model: a route is planned, models are tried in its order until one can, and what was tried is told. */
export class Router {
  readonly #manager: Pick<ModelManager, 'list' | 'acquire'>;

  constructor(manager: Pick<ModelManager, 'list' | 'acquire'>) {
    this.#manager = manager;
  }

  /**
   * Models that may do it, in the order in which to try them. Errors: task/no-route where there is none, naming what to
   * install.
   */
  route(request: RouteRequest): ModelId[] {
    const entries = this.#manager.list();
    const route = planRoute(entries, request);
    if (route.length > 0) return route;
    const { capability, language } = request;
    throw new AppError('task/no-route', `No installed model has ${capability} for ${language}`, {
      details: { capability, language, install: installHints(entries, request) },
    });
  }

  /**
   * Does some work on the first model that can; models that could not are added to `tried`.
   * Errors: task/no-route, task/cancelled, those of the work.
   */
  async run<Result>(
    request: RouteRequest,
    signal: AbortSignal,
    work: (lease: Lease) => Promise<Result>,
    tried: Tried[] = [],
  ): Promise<{ answered: Answered; result: Result }> {
    async function* once(lease: Lease, answered: () => Answered) {
      const result = await work(lease);
      yield { type: 'result' as const, result, answered: answered() };
    }
    for await (const event of this.stream(request, signal, once, () => false, tried)) {
      if (event.type === 'result') return event;
    }
    throw new AppError('internal/unexpected', 'A route without an answer');
  }

  /**
   * Streams what the first model that can gives. Another model is tried only before anything `begins`, and only for errors
   * whose code allows it. Tells when a model has to be loaded first. Errors: as those of `run`.
   */
  async *stream<Event>(
    request: RouteRequest,
    signal: AbortSignal,
    work: (lease: Lease, answered: () => Answered) => AsyncGenerator<Event>,
    begins: (event: Event) => boolean,
    tried: Tried[] = [],
  ): AsyncGenerator<Event | Loading> {
    const route = this.route(request);
    for (const [index, modelId] of route.entries()) {
      let begun = false;
      try {
        // Before each attempt: while one model was tried, others may have come or gone.
        const entries = this.#manager.list();
        const reasons = explainRoute(without(entries, tried), request, modelId);
        if (!isLoaded(entries, modelId)) yield { type: 'loading', modelId };
        using lease = await this.#manager.acquire(modelId, signal);
        for await (const event of work(lease, () => this.#answered(lease.manifest, reasons, tried))) {
          begun ||= begins(event);
          yield event;
        }
        return;
      } catch (thrown) {
        const error = fallbackOr(thrown, signal);
        tried.push({ modelId, code: error.code });
        if (begun || index === route.length - 1) throw withTried(error, tried);
      }
    }
  }

  /** Asked when an answer is there: while it was made, its model may have become a smaller one. */
  #answered({ id, revision }: ModelManifest, reasons: RouteReason[], tried: readonly Tried[]): Answered {
    const status = this.#manager.list().find(({ manifest }) => manifest.id === id)?.status;
    const { precision, device } = status?.state === 'loaded' ? status : { precision: null, device: 'cpu' };
    return { modelId: id, revision, precision, device, tried: [...tried], reasons, cached: false };
  }
}

const without = (entries: readonly ModelEntry[], tried: readonly Tried[]): ModelEntry[] =>
  entries.filter(({ manifest }) => !tried.some(({ modelId }) => modelId === manifest.id));

const isLoaded = (entries: readonly ModelEntry[], id: ModelId): boolean =>
  entries.some(({ manifest, status }) => manifest.id === id && status.state === 'loaded');

/** An error that lets another model be tried; throws every other one. */
function fallbackOr(thrown: unknown, signal: AbortSignal): AppError {
  if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
  const error = AppError.from(thrown);
  if (!error.allowsFallback) throw error;
  return error;
}

/** The last model's error, with all that were asked where there were several. */
const withTried = (error: AppError, tried: readonly Tried[]): AppError =>
  tried.length < 2
    ? error
    : new AppError(error.code, error.message, {
        details: { ...error.details, tried: tried.map(({ modelId }) => modelId) },
        cause: error,
      });
