import { AppError } from '#shared/errors/AppError.ts';
import type { Lane } from '../runtime/Lane.ts';
import { isOutOfMemory } from '../runtime/memoryErrors.ts';
import type { BatchSizes } from './BatchSizes.ts';
import type { Clock } from './clock.ts';
import { planBatch } from './planBatch.ts';

/** How one kind of call is run. */
export interface BatcherOptions<Item, Result> {
  /** Runs items together: one result for each, in their order. */
  run(items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]>;
  /** Whether two items may share a run. */
  mayShare(a: Item, b: Item): boolean;
  /** How much work a run did, for comparing sizes. */
  workOf(results: readonly Result[]): number;
  /** Items that may be run together at most, asked before every run. */
  readonly itemsAtOnce: () => number;
  readonly sizes: BatchSizes;
  /** Taken for every run: a model does one thing at a time. */
  readonly lane: Lane;
  readonly clock: Clock;
  /** A call waits for others this long at most. */
  readonly maxWaitMs: number;
}

interface Call<Item, Result> {
  readonly items: readonly Item[];
  readonly arrivedAt: number;
  readonly done: PromiseWithResolvers<readonly Result[]>;
  /** Told when the caller gives up. */
  onLeave: () => void;
  hasLeft: boolean;
}

/**
 * Runs calls that wait at the same time together. Each caller has its own result, error and cancel: giving up leaves the
 * others of the run alone, and where a run fails its calls are run in halves, so that only what is bad fails.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  readonly #waiting: Call<Item, Result>[] = [];
  #arrived = Promise.withResolvers<void>();
  #isRunning = false;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** The results of some items, in their order. Rejects with the signal's reason as soon as it aborts. */
  async call(items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]> {
    signal.throwIfAborted();
    if (items.length === 0) return [];
    const done = Promise.withResolvers<readonly Result[]>();
    const call: Call<Item, Result> = {
      items,
      arrivedAt: this.#options.clock.now(),
      done,
      onLeave: () => undefined,
      hasLeft: false,
    };
    const leave = () => {
      call.hasLeft = true;
      const place = this.#waiting.indexOf(call);
      if (place >= 0) this.#waiting.splice(place, 1);
      done.reject(signal.reason as Error);
      call.onLeave();
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(call);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
    if (!this.#isRunning) void this.#work();
    try {
      return await done.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    const { clock, lane } = this.#options;
    await clock.sleep(0);
    while (this.#waiting.length > 0) {
      const plan = this.#plan();
      if (plan?.kind === 'wait') {
        await Promise.race([clock.sleep(plan.until - clock.now()), this.#arrived.promise]);
        continue;
      }
      const turn = await lane.enter(new AbortController().signal);
      try {
        // While the model was busy others came, and some gave up.
        await this.#run(this.#take());
      } finally {
        turn.leave();
      }
    }
    this.#isRunning = false;
  }

  #plan() {
    const [first, ...others] = this.#waiting;
    if (!first) return null;
    const { sizes, itemsAtOnce, maxWaitMs, clock, mayShare } = this.#options;
    const most = itemsAtOnce();
    const isAlike = ({ items }: Call<Item, Result>) =>
      items.every((item) => first.items.every((one) => mayShare(one, item)));
    const backlog = [first, ...others.filter(isAlike)].reduce((sum, { items }) => sum + items.length, 0);
    const asCall = ({ items, arrivedAt }: Call<Item, Result>) => ({ items: items.length, arrivedAt });
    return planBatch([asCall(first), ...others.map(asCall)], {
      size: sizes.size(most, backlog),
      waitMs: sizes.waitMs(most, maxWaitMs),
      now: clock.now(),
      mayJoin: (place) => {
        const call = others[place - 1];
        return call !== undefined && isAlike(call);
      },
    });
  }

  /** Takes the calls of the next run out of the queue. */
  #take(): Call<Item, Result>[] {
    const plan = this.#plan();
    // Whoever waited for the model has waited long enough.
    const places = plan?.kind === 'run' ? plan.places : [0];
    const taken = places.flatMap((place) => this.#waiting[place] ?? []);
    for (const call of taken) this.#waiting.splice(this.#waiting.indexOf(call), 1);
    return taken;
  }

  async #run(all: readonly Call<Item, Result>[]): Promise<void> {
    const calls = all.filter(({ hasLeft }) => !hasLeft);
    if (calls.length === 0) return;
    const abort = new AbortController();
    let callers = calls.length;
    for (const call of calls) {
      call.onLeave = () => {
        callers -= 1;
        if (callers === 0) abort.abort(new AppError('task/cancelled', 'Every caller gave up'));
      };
    }
    const items = calls.flatMap((call) => call.items);
    const { clock, sizes, workOf, run } = this.#options;
    const startedAt = clock.now();
    try {
      const results = await run(items, abort.signal);
      if (results.length !== items.length) {
        throw new AppError(
          'internal/unexpected',
          'A model gave another number of results than it was asked for',
        );
      }
      if (!abort.signal.aborted) sizes.note(items.length, workOf(results), clock.now() - startedAt);
      let from = 0;
      for (const { items: own, done } of calls) {
        done.resolve(results.slice(from, from + own.length));
        from += own.length;
      }
    } catch (thrown) {
      const [only] = calls;
      if (only && calls.length === 1) {
        only.done.reject(thrown);
        return;
      }
      if (isOutOfMemory(thrown)) sizes.refuse(items.length);
      const half = calls.length >> 1;
      await this.#run(calls.slice(0, half));
      await this.#run(calls.slice(half));
    }
  }
}
