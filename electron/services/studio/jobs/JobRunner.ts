import { setTimeout as delay } from 'node:timers/promises';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { JobOrder } from '#shared/models/job.ts';
import type { StoryId } from '#shared/story/ids.ts';
import type { Session, Sessions } from '../session.ts';
import { type JobKinds, type OrderedWork, workOf } from './JobKind.ts';
import type { JobStore } from './JobStore.ts';
import { type JobLane, planNext, type RunnableJob } from './planNext.ts';
import { isDeath, planRetry } from './planRetry.ts';
import type { StoredItem, StoredJob } from './storedJobs.ts';

export interface JobRunnerOptions {
  readonly store: JobStore;
  readonly kinds: JobKinds;
  readonly sessions: Pick<Sessions, 'get'>;
  /** Items that may run at once, by lane; asked again whenever it matters. */
  readonly widths: () => Readonly<Record<JobLane, number>>;
  /** Something changed that a window shows. */
  readonly onChange: () => void;
  readonly now?: () => number;
}

/** An item that runs in this process. */
interface Run {
  readonly seq: number;
  readonly index: number;
  readonly lane: JobLane;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  share: number;
}

/** A job, the open story it belongs to, and what it does. */
interface Ready {
  readonly job: StoredJob;
  readonly session: Session;
  readonly work: OrderedWork;
}

/** What does not hear its abort may not keep the studio from closing. */
const closeMs = 2000;
/** After the store could not be read or written nothing begins for this long. */
const restMs = 30_000;

/** Does what waits in the store, as far as the stories it belongs to are open here. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #now: () => number;
  readonly #stories = new Map<StoryId, SessionId>();
  readonly #running = new Map<string, Run>();
  #isPlanned = false;
  #restsUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Jobs of this story may run while it is open. */
  follow(session: Session): void {
    if (session.readOnly !== null) return;
    this.#stories.set(session.story.id, session.id);
    this.wake();
  }

  /** The story's open session; `null` where its jobs have to wait. */
  sessionOf(storyId: StoryId): Session | null {
    const id = this.#stories.get(storyId);
    if (id === undefined) return null;
    try {
      const session = this.#options.sessions.get(id);
      if (session.readOnly === null) return session;
    } catch {
      // It was closed.
    }
    this.#stories.delete(storyId);
    return null;
  }

  /** How far the running items of a job are, by their place. */
  runningOf(seq: number): ReadonlyMap<number, number> {
    const runs = Array.from(this.#running.values()).filter((run) => run.seq === seq);
    return new Map(runs.map(({ index, share }) => [index, share]));
  }

  /** Looks soon at what may begin. */
  wake(): void {
    if (this.#isPlanned || this.#isClosed) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      if (this.#isClosed) return;
      clearTimeout(this.#timer);
      const wakeAt = this.#now() < this.#restsUntil ? this.#restsUntil : this.#withStore(() => this.#begin());
      if (wakeAt === null) return;
      this.#timer = setTimeout(() => this.wake(), Math.max(0, wakeAt - this.#now()));
      this.#timer.unref();
    });
  }

  /** Aborts what runs of a job; its items have been settled in the store before, or wait again. */
  stop(seq: number): void {
    for (const run of this.#running.values()) {
      if (run.seq === seq) run.abort.abort(new AppError('task/cancelled', 'The job was cancelled'));
    }
  }

  /** Begins nothing any more, aborts what runs, and waits a moment for its end. What ran waits for the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const runs = Array.from(this.#running.values());
    for (const { abort } of runs) abort.abort(new AppError('task/cancelled', 'The studio closes'));
    await Promise.race([
      Promise.all(runs.map(({ ended }) => ended)),
      delay(closeMs, undefined, { ref: false }),
    ]);
  }

  /** A store that fails makes the runner rest: what it could not keep is done again. */
  #withStore<Result>(work: () => Result): Result | number {
    try {
      return work();
    } catch (thrown) {
      console.error('The jobs could not be read or written', thrown);
      this.#restsUntil = this.#now() + restMs;
      return this.#restsUntil;
    }
  }

  /** Begins what may begin now. Returns when to look again, `null` where nothing waits for its time. */
  #begin(): number | null {
    const ready = new Map(this.#readyJobs().map((one) => [one.job.seq, one]));
    const widths = this.#options.widths();
    const running = { engine: 0, studio: 0 };
    for (const { lane } of this.#running.values()) running[lane] += 1;
    const items = new Map<string, StoredItem>();
    const jobs = Array.from(ready.values(), ({ job, work }): RunnableJob => {
      const most = widths[work.lane] + this.#running.size;
      const waiting = this.#options.store
        .waiting(job.seq, most)
        .filter(({ index }) => !this.#running.has(keyOf(job.seq, index)));
      for (const item of waiting) items.set(keyOf(job.seq, item.index), item);
      return { seq: job.seq, priority: job.priority, lane: work.lane, waiting };
    });
    const { start, wakeAt } = planNext({ jobs, running, widths, now: this.#now() });
    for (const { seq, index } of start) {
      const [one, item] = [ready.get(seq), items.get(keyOf(seq, index))];
      if (one && item) this.#start(one, item);
    }
    if (start.length > 0) this.#options.onChange();
    return wakeAt;
  }

  #readyJobs(): Ready[] {
    return this.#options.store.list().flatMap((job) => {
      if (job.state !== 'active') return [];
      const session = this.sessionOf(job.storyId);
      const order = JobOrder.safeParse(job.order);
      if (!session || !order.success) return [];
      return [{ job, session, work: workOf(this.#options.kinds, order.data) }];
    });
  }

  #start(ready: Ready, item: StoredItem): void {
    const { job, work } = ready;
    const key = keyOf(job.seq, item.index);
    const abort = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const run: Run = { seq: job.seq, index: item.index, lane: work.lane, abort, ended, share: 0 };
    this.#running.set(key, run);
    void this.#do(ready, item, run).finally(() => {
      this.#running.delete(key);
      resolve();
      this.#options.onChange();
      this.wake();
    });
  }

  async #do({ job, session, work }: Ready, item: StoredItem, run: Run): Promise<void> {
    const startedAt = this.#now();
    const { signal } = run.abort;
    const progress = (share: number) => {
      run.share = Math.min(1, Math.max(0, share));
      this.#options.onChange();
    };
    let settle: () => unknown;
    try {
      const result = await work.run(item.item, { session, signal, progress });
      settle = () => this.#options.store.finish(job.seq, item.index, result, this.#now() - startedAt);
    } catch (thrown) {
      settle = () => this.#failed(job.seq, item, AppError.from(thrown));
    }
    if (!signal.aborted) this.#withStore(settle);
  }

  #failed(seq: number, item: StoredItem, error: AppError): void {
    const { store } = this.#options;
    const attempts = item.attempts + 1;
    const deaths = item.deaths + (isDeath(error.code) ? 1 : 0);
    const plan = planRetry({ code: error.code, attempts, deaths });
    const report = error.toReport();
    switch (plan.kind) {
      case 'leave':
        return;
      case 'hold':
        store.pause(seq, error.code);
        return;
      case 'again':
        store.postpone(seq, item.index, { error: report, attempts, deaths }, this.#now() + plan.delayMs);
        return;
      case 'fail':
        store.fail(seq, item.index, { error: { ...report, code: plan.code }, attempts, deaths });
        return;
    }
  }
}

const keyOf = (seq: number, index: number): string => `${String(seq)} ${String(index)}`;
