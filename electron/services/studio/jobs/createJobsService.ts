import { setTimeout as delay } from 'node:timers/promises';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { ErrorReportSchema } from '#shared/contract/wire.ts';
import { AppError, type ErrorCode } from '#shared/errors/AppError.ts';
import {
  type Job,
  type JobDecision,
  type JobId,
  type JobItem,
  JobOrder,
  JobOutcome,
  type JobPriority,
} from '#shared/models/job.ts';
import type { ServiceProcess } from '../app/ServiceProcess.ts';
import type { Sessions } from '../session.ts';
import type { Work } from '../work/createWork.ts';
import { engineWidth } from './engineWidth.ts';
import { type JobKinds, workOf } from './JobKind.ts';
import { JobRunner } from './JobRunner.ts';
import { JobStore } from './JobStore.ts';
import { jobTables } from './jobTables.ts';
import type { StoredItem, StoredJob } from './storedJobs.ts';
import { timeLeft } from './timeLeft.ts';
import type { Use } from './trackUse.ts';

export interface JobsServiceOptions {
  readonly work: Work;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly kinds: JobKinds;
  readonly engine: Pick<ServiceProcess<EngineContract>, 'client' | 'status' | 'subscribe'>;
  readonly imaging: Pick<ServiceProcess<ImagingContract>, 'subscribe'>;
  /** What the writer waits for in person: no item begins on the models meanwhile. */
  readonly writer: Pick<Use<unknown>, 'isBusy' | 'onFree'>;
  /** Told what the writer made of proposals. */
  readonly onDecided?: (order: JobOrder, decided: readonly JobItem[], decision: JobDecision) => void;
}

export interface StartInput {
  readonly sessionId: SessionId;
  readonly order: JobOrder;
  readonly items: readonly string[] | null;
  readonly priority: JobPriority;
}

interface ByJob {
  readonly jobId: JobId;
}

/** The `jobs` namespace of the contract. */
export interface JobsService {
  list(): Job[];
  watch(input: { sessionId: SessionId | null }, signal?: AbortSignal): AsyncGenerator<Job[]>;
  start(input: StartInput): Job;
  pause(input: ByJob): void;
  resume(input: ByJob): void;
  cancel(input: ByJob): void;
  retry(input: ByJob): void;
  remove(input: ByJob): void;
  results(input: ByJob & { show: 'all' | 'proposals' | 'failed'; from: number; limit: number }): JobItem[];
  decide(input: ByJob & { items: readonly string[]; decision: JobDecision }): string[];
  /** Ends what runs; it begins again at the next start. */
  dispose(): Promise<void>;
}

/** Between two lists that a watcher is told: progress may come with every token. */
const tellEveryMs = 150;
const studioWidth = 2;
/** More than a job can have. */
const maxItems = 100_000;

interface Queue {
  readonly store: JobStore;
  readonly runner: JobRunner;
}

/**
 * Jobs: asked for by a window, kept in `work.sqlite`, done one item after the other while their story is open. Nothing is
 * opened and nothing runs before a window asks, so that the command line does not do a window's work.
 */
export function createJobsService(options: JobsServiceOptions): JobsService {
  const { sessions, kinds, engine, imaging, writer } = options;
  const unsubscribe: (() => void)[] = [];
  let opened: Queue | null = null;
  let width = 1;
  let isDisposed = false;
  let changes = 0;
  const waiting = new Set<() => void>();

  const onChange = () => {
    changes += 1;
    for (const wake of waiting) wake();
  };

  /** Resolves at the next change, or when the signal aborts. */
  async function nextChange(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(resolve);
    const wake = () => resolve();
    signal?.addEventListener('abort', wake, { once: true });
    await promise;
    waiting.delete(resolve);
    signal?.removeEventListener('abort', wake);
  }

  /** A process that is back: what stood still because of it goes on, and its devices are known. */
  function followProcesses({ store, runner }: Queue): void {
    const goOn = (heldBy: ErrorCode) => {
      store.release(heldBy);
      onChange();
      runner.wake();
    };
    const learnWidth = () => {
      engine.client.models
        .devices()
        .then((devices) => {
          width = engineWidth(devices);
          runner.wake();
        })
        .catch(() => undefined);
    };
    if (engine.status.state === 'ready') learnWidth();
    unsubscribe.push(
      engine.subscribe(({ state }) => {
        if (state !== 'ready') return;
        learnWidth();
        goOn('engine/stopped');
      }),
      imaging.subscribe(({ state }) => {
        if (state === 'ready') goOn('imaging/stopped');
      }),
    );
  }

  function queue(): Queue {
    if (isDisposed) throw new AppError('host/disconnected', 'The studio is closed');
    if (opened) return opened;
    const store = new JobStore(options.work.database(jobTables));
    const widths = () => ({ engine: writer.isBusy ? 0 : width, studio: studioWidth });
    const runner = new JobRunner({ store, kinds, sessions, widths, onChange });
    opened = { store, runner };
    writer.onFree(() => runner.wake());
    followProcesses(opened);
    return opened;
  }

  function show({ store, runner }: Queue, job: StoredJob): Job | null {
    const order = JobOrder.safeParse(job.order);
    if (!order.success) return null;
    const running = runner.runningOf(job.seq);
    const { done, failed, cancelled } = job.counts;
    const waiting = Math.max(0, job.counts.waiting - running.size);
    const total = job.counts.waiting + done + failed + cancelled;
    const shares = Array.from(running.values());
    const { lane } = workOf(kinds, order.data);
    const isOpen = job.state !== 'active' || runner.sessionOf(job.storyId) !== null;
    return {
      id: job.id,
      order: order.data,
      storyId: job.storyId,
      storyTitle: job.storyTitle,
      priority: job.priority,
      state: job.state === 'active' ? (running.size > 0 ? 'running' : 'waiting') : job.state,
      heldBy: isOpen ? job.heldBy : 'project/closed',
      counts: { waiting, running: running.size, done, failed, cancelled },
      proposals: job.proposals,
      progress: (done + failed + cancelled + shares.reduce((sum, share) => sum + share, 0)) / total,
      remainingMs:
        job.endedAt === null
          ? timeLeft({
              waiting,
              running: shares,
              meanMs: store.meanMs(job.seq),
              width: lane === 'engine' ? width : studioWidth,
            })
          : null,
      createdAt: new Date(job.createdAt).toISOString(),
      endedAt: job.endedAt === null ? null : new Date(job.endedAt).toISOString(),
    };
  }

  const list = (): Job[] => {
    const now = queue();
    return now.store.list().flatMap((job) => show(now, job) ?? []);
  };

  /** Does something to a job, then tells and looks what may run. Errors: jobs/not-found, disk/*. */
  function change(jobId: JobId, work: (queue: Queue, seq: number) => void): void {
    const now = queue();
    work(now, now.store.seqOf(jobId));
    onChange();
    now.runner.wake();
  }

  function showItem(order: JobOrder, running: boolean, stored: StoredItem): JobItem {
    const error = ErrorReportSchema.safeParse(stored.error);
    const outcome = JobOutcome.safeParse({ kind: order.kind, value: stored.result });
    return {
      item: stored.item,
      state: running && stored.state === 'waiting' ? 'running' : stored.state,
      attempts: stored.attempts,
      error: error.success ? error.data : null,
      outcome: outcome.success ? outcome.data : null,
      decision: stored.decision,
    };
  }

  function results({ jobId, show: which, from, limit }: Parameters<JobsService['results']>[0]): JobItem[] {
    const { store, runner } = queue();
    const seq = store.seqOf(jobId);
    const job = store.list().find((one) => one.seq === seq);
    const order = JobOrder.safeParse(job?.order);
    if (!order.success) return [];
    const running = runner.runningOf(seq);
    return store
      .items(jobId, which, from, limit)
      .map((item) => showItem(order.data, running.has(item.index), item));
  }

  function tellDecided(jobId: JobId, decided: ReadonlySet<string>, decision: JobDecision): void {
    const job = list().find(({ id }) => id === jobId);
    if (!job || !options.onDecided || decided.size === 0) return;
    const items = results({ jobId, show: 'all', from: 0, limit: maxItems });
    options.onDecided(
      job.order,
      items.filter(({ item }) => decided.has(item)),
      decision,
    );
  }

  return {
    list,

    async *watch({ sessionId }, signal) {
      const { runner } = queue();
      if (sessionId !== null) runner.follow(sessions.get(sessionId));
      while (!signal?.aborted && !isDisposed) {
        const told = changes;
        yield list();
        await delay(tellEveryMs, undefined, signal ? { signal } : {}).catch(() => undefined);
        if (changes === told) await nextChange(signal);
      }
    },

    start({ sessionId, order, items, priority }) {
      const session = sessions.get(sessionId);
      if (session.readOnly !== null) throw new AppError('project/read-only', 'This story cannot be changed');
      if (!session.story.settings.aiEnabled) {
        throw new AppError('task/ai-disabled', 'Models are switched off in this story');
      }
      const wanted = [...new Set(items ?? workOf(kinds, order).plan(session))];
      if (wanted.length === 0) throw new AppError('jobs/nothing-to-do', 'Nothing in the story needs this');
      const now = queue();
      const { id, title } = session.story;
      const jobId = now.store.add({ order, story: { id, title }, items: wanted, priority });
      now.runner.follow(session);
      onChange();
      const started = list().find((job) => job.id === jobId);
      if (!started) throw new AppError('jobs/not-found', 'The job is gone');
      return started;
    },

    pause: ({ jobId }) => change(jobId, ({ store }, seq) => store.pause(seq, null)),
    resume: ({ jobId }) => change(jobId, ({ store }, seq) => store.resume(seq)),
    retry: ({ jobId }) => change(jobId, ({ store }, seq) => store.retry(seq)),
    cancel: ({ jobId }) =>
      change(jobId, ({ store, runner }, seq) => {
        store.cancel(seq);
        runner.stop(seq);
      }),
    remove: ({ jobId }) =>
      change(jobId, ({ store, runner }, seq) => {
        store.remove(seq);
        runner.stop(seq);
      }),

    results,

    decide({ jobId, items, decision }) {
      const decided = queue().store.decide(jobId, items, decision);
      onChange();
      tellDecided(jobId, new Set(decided), decision);
      return decided;
    },

    async dispose() {
      isDisposed = true;
      onChange();
      for (const end of unsubscribe) end();
      await opened?.runner.close();
    },
  };
}
