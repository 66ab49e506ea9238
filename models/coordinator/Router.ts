import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Tried } from '#shared/models/task.ts';
import type { Lease, ModelManager } from '../manager/ModelManager.ts';
import { installHints, planRoute, type RouteRequest } from './planRoute.ts';

/** What every task goes through: a route is planned, models are tried in its order until one can. */
export class Router {
  readonly #manager: ModelManager;

  constructor(manager: ModelManager) {
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

  /** Does some work on the first model that can. Errors: task/no-route, task/cancelled, those of the work. */
  async run<Result>(
    request: RouteRequest,
    signal: AbortSignal,
    work: (lease: Lease) => Promise<Result>,
  ): Promise<{ modelId: ModelId; result: Result }> {
    const route = this.route(request);
    for (const [index, modelId] of route.entries()) {
      try {
        using lease = await this.#manager.acquire(modelId, signal);
        return { modelId, result: await work(lease) };
      } catch (thrown) {
        const error = fallbackOr(thrown, signal);
        if (index === route.length - 1) throw error;
      }
    }
    throw noModel();
  }

  /**
   * Streams what the first model that can writes. Another model is tried only before anything `begins`. Tells when a
   * model has to be loaded first. Errors: as those of `run`.
   */
  async *stream<Event>(
    request: RouteRequest,
    signal: AbortSignal,
    work: (lease: Lease, tried: readonly Tried[]) => AsyncGenerator<Event>,
    begins: (event: Event) => boolean,
  ): AsyncGenerator<Event | { readonly type: 'loading'; readonly modelId: ModelId }> {
    const tried: Tried[] = [];
    const route = this.route(request);
    for (const [index, modelId] of route.entries()) {
      let begun = false;
      try {
        if (!this.#isLoaded(modelId)) yield { type: 'loading', modelId };
        using lease = await this.#manager.acquire(modelId, signal);
        for await (const event of work(lease, tried)) {
          begun ||= begins(event);
          yield event;
        }
        return;
      } catch (thrown) {
        const error = fallbackOr(thrown, signal);
        if (begun || index === route.length - 1) throw error;
        tried.push({ modelId, code: error.code });
      }
    }
    throw noModel();
  }

  #isLoaded(id: ModelId): boolean {
    return this.#manager
      .list()
      .some(({ manifest, status }) => manifest.id === id && status.state === 'loaded');
  }
}

/** An error that lets another model be tried; throws every other one. */
function fallbackOr(thrown: unknown, signal: AbortSignal): AppError {
  if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
  const error = AppError.from(thrown);
  if (!error.allowsFallback) throw error;
  return error;
}

const noModel = (): AppError => new AppError('internal/unexpected', 'A route without a model');
