import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId, ModelManifest } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Answered, RouteReason, Tried } from '#shared/models/routing.ts';
import type { AnswerMemory } from '../cache/AnswerMemory.ts';
import type { Asked } from '../cache/cacheKey.ts';
import type { Lease, ModelManager } from '../manager/ModelManager.ts';
import type { RunObserver } from '../metrics/Run.ts';
import { RunClock } from '../metrics/RunClock.ts';
import { installHints } from './installHints.ts';
import { explainRoute, planRoute, type RouteRequest } from './planRoute.ts';

/** A model that has to be loaded before it can answer. */
export interface Loading {
  readonly type: 'loading';
  readonly modelId: ModelId;
}

/** What a router does besides. */
export interface RouterOptions {
  /** Answers given before. */
  readonly memory?: AnswerMemory;
  /** Told of every attempt. */
  readonly runs?: RunObserver;
}

export interface Attempt {
  /** Gets the models that could not. */
  readonly tried?: Tried[];
  /** What is asked, where the same question always has the same answer. */
  readonly asked?: Asked | null;
}

/** The one way to a model: a route is planned, models are tried in its order until one can, and what was tried is told. */
export class Router {
  readonly #manager: Pick<ModelManager, 'list' | 'acquire'>;

  readonly #options: RouterOptions;

  constructor(manager: Pick<ModelManager, 'list' | 'acquire'>, options: RouterOptions = {}) {
    this.#manager = manager;
    this.#options = options;
  }

  /**
   * Models that may do it, in the order in which to try them. Errors: task/no-route where there is none, naming what to
   * install.
   */
  route(request: RouteRequest, entries: readonly ModelEntry[] = this.#manager.list()): ModelId[] {
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
    work: (lease: Lease, answered: () => Answered) => Promise<Result>,
    attempt: Attempt = {},
  ): Promise<{ answered: Answered; result: Result }> {
    async function* once(lease: Lease, answered: () => Answered) {
      const result = await work(lease, answered);
      yield { type: 'result' as const, result, answered: answered() };
    }
    let found: { answered: Answered; result: Result } | null = null;
    // Read to its end: who leaves early has given up.
    for await (const event of this.stream(request, signal, once, () => false, attempt)) {
      if (event.type === 'result') found = event;
    }
    if (found) return found;
    throw new AppError('internal/unexpected', 'A route without an answer');
  }

  /**
   * Streams what the first model that can gives. Another model is tried only before anything `begins`, and only for errors
   * whose code allows it. Tells when a model has to be loaded first. Errors: as those of `run`.
   */
  async *stream<Event extends object>(
    request: RouteRequest,
    signal: AbortSignal,
    work: (lease: Lease, answered: () => Answered) => AsyncGenerator<Event>,
    begins: (event: Event) => boolean,
    { tried = [], asked = null }: Attempt = {},
  ): AsyncGenerator<Event | Loading> {
    const known = this.#manager.list();
    const route = this.route(request, known);
    for (const [index, modelId] of route.entries()) {
      let begun = false;
      const clock = new RunClock(request.task, modelId, this.#options.runs);
      try {
        // Before each attempt: while one model was tried, others may have come or gone.
        const entries = index === 0 ? known : this.#manager.list();
        const reasons = explainRoute(without(entries, tried), request, modelId);
        const recalled = this.#recall<Event>(entries, modelId, { tried, reasons }, asked);
        if (recalled) {
          clock.recalled(recalled.placement);
          yield* recalled.events;
          return;
        }
        if (!isLoaded(entries, modelId)) yield { type: 'loading', modelId };
        using lease = await this.#manager.acquire(modelId, signal);
        clock.begin();
        const events: Event[] = [];
        const told = () => this.#answered(lease.manifest, reasons, tried);
        for await (const event of work(lease, told)) {
          begun ||= begins(event);
          clock.note(event);
          if (asked) events.push(event);
          yield event;
        }
        const answered = told();
        clock.end(signal.aborted ? 'cancelled' : 'done', answered);
        if (asked && !signal.aborted) this.#options.memory?.keep(answered, asked, events);
        return;
      } catch (thrown) {
        clock.fail(signal.aborted, thrown);
        const error = fallbackOr(thrown, signal);
        tried.push({ modelId, code: error.code });
        if (begun || index === route.length - 1) throw withTried(error, tried);
      } finally {
        // Whoever read the events may have gone.
        clock.end('cancelled');
      }
    }
  }

  /** What a model answered before, told as its answer of now. */
  #recall<Event extends object>(
    entries: readonly ModelEntry[],
    modelId: ModelId,
    now: { readonly tried: readonly Tried[]; readonly reasons: RouteReason[] },
    asked: Asked | null,
  ) {
    const entry = entries.find(({ manifest }) => manifest.id === modelId);
    const known = entry && asked ? this.#options.memory?.recall(entry, asked) : null;
    if (!known) return null;
    const fresh = { tried: [...now.tried], reasons: now.reasons, cached: true };
    const events = (known.events as Event[]).map((event) =>
      'answered' in event ? { ...event, answered: { ...(event.answered as Answered), ...fresh } } : event,
    );
    return { events, placement: known.placement };
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
