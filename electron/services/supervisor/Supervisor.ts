import type { ClientLink } from '@orpc/client';
import type { ProcessState } from '#shared/contract/studio.ts';
import { AppError, type ErrorCode } from '#shared/errors/AppError.ts';
import { type Link, openLink } from '../../links/connect.ts';
import { isIterator, mapIterator } from '../../links/mapIterator.ts';
import { isControl } from '../../links/Port.ts';
import { type DeadlineOf, nextItemMs } from './deadlines.ts';
import { MemoryWatch, type MemoryWatchOptions, type TooMuchMemory } from './MemoryWatch.ts';
import { defaultRestartPolicy, planRestart, type RestartPolicy } from './planRestart.ts';
import { type JobKeyOf, Quarantine } from './Quarantine.ts';
import type { Spawn, SpawnedProcess } from './spawn.ts';

type NoContext = Record<never, never>;
type CallOptions = Parameters<ClientLink<NoContext>['call']>[2];

export interface SupervisorOptions {
  readonly name: 'engine' | 'imaging';
  readonly spawn: Spawn;
  readonly deadlineOf: DeadlineOf;
  /** The error of a call that ran past its deadline. */
  readonly timeoutCode: ErrorCode;
  /** Tells jobs from other calls: a job that was running in two deaths of the process is not let in again. */
  readonly jobKeyOf?: JobKeyOf;
  readonly policy?: RestartPolicy;
  /** A process that is not ready after this long has failed to start. */
  readonly startTimeoutMs?: number;
  /** After a cancelled call the process must show signs of life within this time. */
  readonly cancelGraceMs?: number;
  /** Whether and how its memory is watched; `null` where it is not. */
  readonly memory?: MemoryWatchOptions | null;
}

export interface ProcessStatus {
  readonly state: ProcessState;
  /** Why it is not running, for a log or a tooltip; empty while all is well. */
  readonly reason: string;
}

/** One life of the process. */
interface Life {
  readonly child: SpawnedProcess;
  readonly link: Link;
  /** Killed on purpose, after a cancel: no sign of a defect. */
  excused: boolean;
  pongs: number;
  readonly memory: MemoryWatch | null;
}

/**
 * Keeps one child process alive. Calls through `link` wait until it is ready; when it dies they fail with
 * `<name>/crashed` and it is started again, after a growing pause; when it dies too often it stays down, and calls
 * fail with `<name>/stopped` until `restart`.
 */
export class Supervisor {
  readonly #options: Required<SupervisorOptions>;
  readonly #listeners = new Set<(status: ProcessStatus) => void>();
  readonly #quarantine = new Quarantine();
  readonly #waiting = new Set<PromiseWithResolvers<Life>>();
  #status: ProcessStatus = { state: 'starting', reason: '' };
  #life: Life | null = null;
  #timer: NodeJS.Timeout | undefined;
  #crashedAt: number[] = [];
  #started = false;
  #disposed = false;

  /** Carries calls to whichever process is alive. */
  readonly link: ClientLink<NoContext> = {
    call: (path, input, options) => this.#call(path, input, options),
  };

  constructor(options: SupervisorOptions) {
    this.#options = {
      jobKeyOf: () => null,
      policy: defaultRestartPolicy,
      startTimeoutMs: 30_000,
      cancelGraceMs: 2000,
      memory: null,
      ...options,
    };
  }

  get status(): ProcessStatus {
    return this.#status;
  }

  get pid(): number | undefined {
    return this.#life?.child.pid;
  }

  /** Tells every change of status; the returned function ends that. */
  subscribe(listener: (status: ProcessStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Starts the process unless that was done before; the first call does it too. */
  start(): void {
    if (this.#started || this.#disposed) return;
    this.#started = true;
    this.#spawn();
  }

  /** Forgets past crashes and starts the process anew. */
  restart(): void {
    if (this.#disposed) return;
    this.#crashedAt = [];
    this.#quarantine.forget();
    this.#started = true;
    if (this.#life) {
      this.#life.excused = true;
      this.#end(this.#life, 'Restarted');
      return;
    }
    clearTimeout(this.#timer);
    this.#spawn();
  }

  /** Ends the process for good. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#timer);
    const life = this.#life;
    this.#life = null;
    life?.memory?.[Symbol.dispose]();
    life?.link.close(this.#stoppedError());
    life?.child.kill();
    this.#stop('Closed');
  }

  #spawn(): void {
    this.#setStatus('starting', '');
    let child: SpawnedProcess;
    try {
      child = this.#options.spawn();
    } catch (thrown) {
      this.#crashed(AppError.from(thrown).message, false);
      return;
    }
    // The pipe closes a moment before the exit tells its reason: calls fail with that reason, not with the pipe.
    const link = openLink({ ...child.port, onClose: () => undefined }, () => this.#crashError(''));
    const { memory: watch } = this.#options;
    const memory =
      watch &&
      new MemoryWatch(watch, child, {
        release: () => void child.port.postMessage({ control: 'release' }),
        end: (why) => this.#end(life, reasonOf(why), this.#memoryError(why)),
      });
    const life: Life = { child, link, excused: false, pongs: 0, memory };
    this.#life = life;
    this.#timer = setTimeout(() => this.#end(life, 'It did not start in time'), this.#options.startTimeoutMs);
    child.port.onMessage((data) => {
      if (!isControl(data)) return;
      if (data.control === 'pong') life.pongs += 1;
      if (data.control === 'ready') this.#becameReady(life);
      if (data.control === 'memory') memory?.expect(data);
    });
    child.port.onClose(() => this.#closed(life));
    void child.exited.then((reason) => this.#end(life, reason));
  }

  #becameReady(life: Life): void {
    if (this.#life !== life) return;
    clearTimeout(this.#timer);
    this.#setStatus('ready', '');
    for (const waiting of this.#waiting) waiting.resolve(life);
    this.#waiting.clear();
  }

  /** The pipe closed: usually the exit is about to be told. */
  #closed(life: Life): void {
    const fallback = setTimeout(() => this.#end(life, 'The connection closed'), 500);
    void life.child.exited.then(() => clearTimeout(fallback));
  }

  #end(life: Life, reason: string, error: AppError = this.#crashError(reason)): void {
    if (this.#life !== life) return;
    this.#life = null;
    clearTimeout(this.#timer);
    life.memory?.[Symbol.dispose]();
    life.link.close(error);
    life.child.kill();
    this.#crashed(reason, life.excused);
  }

  #crashed(reason: string, excused: boolean): void {
    const now = Date.now();
    if (!excused) {
      this.#crashedAt.push(now);
      this.#quarantine.died();
    }
    const plan = excused
      ? ({ kind: 'restart', delayMs: 0 } as const)
      : planRestart(this.#crashedAt, now, this.#options.policy);
    if (plan.kind === 'stop') {
      this.#stop(reason);
      return;
    }
    this.#setStatus('restarting', reason);
    this.#timer = setTimeout(() => this.#spawn(), plan.delayMs);
  }

  #stop(reason: string): void {
    this.#setStatus('stopped', reason);
    for (const waiting of this.#waiting) waiting.reject(this.#stoppedError());
    this.#waiting.clear();
  }

  #setStatus(state: ProcessState, reason: string): void {
    this.#status = { state, reason };
    for (const listener of this.#listeners) listener(this.#status);
  }

  #crashError(reason: string): AppError {
    const { name } = this.#options;
    return new AppError(`${name}/crashed`, `The ${name} process ended: ${reason}`, { details: { reason } });
  }

  #memoryError(why: TooMuchMemory): AppError {
    const { name } = this.#options;
    return new AppError('engine/out-of-memory', `The ${name} process was ended: ${reasonOf(why)}`, {
      details: { ...why },
    });
  }

  #stoppedError(): AppError {
    const { name } = this.#options;
    const { reason } = this.#status;
    return new AppError(`${name}/stopped`, `The ${name} process is not running`, { details: { reason } });
  }

  #quarantinedError(path: readonly string[]): AppError {
    const { name } = this.#options;
    return new AppError('engine/quarantined', `The ${name} process ended twice while it did this`, {
      details: { call: path.join('.') },
    });
  }

  async #ready(signal: AbortSignal | undefined): Promise<Life> {
    if (signal?.aborted) throw new AppError('task/cancelled', 'Cancelled');
    this.start();
    if (this.#life && this.#status.state === 'ready') return this.#life;
    if (this.#status.state === 'stopped') throw this.#stoppedError();
    const waiting = Promise.withResolvers<Life>();
    this.#waiting.add(waiting);
    const cancel = () => waiting.reject(new AppError('task/cancelled', 'Cancelled'));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await waiting.promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#waiting.delete(waiting);
    }
  }

  async #call(path: readonly string[], input: unknown, options: CallOptions): Promise<unknown> {
    const job = this.#options.jobKeyOf(path, input);
    if (job !== null && this.#quarantine.holds(job)) throw this.#quarantinedError(path);
    const life = await this.#ready(options.signal);
    const leave = job === null ? () => undefined : this.#quarantine.enter(job);
    const watch = this.#watch(life, path, options.signal, leave);
    try {
      const output: unknown = await life.link.call(path, input, options);
      if (!isIterator(output)) {
        watch.end();
        return output;
      }
      return mapIterator(output, {
        onPull: watch.pull,
        onItem: watch.item,
        onError: watch.explain,
        onEnd: watch.end,
      });
    } catch (thrown) {
      watch.end();
      throw watch.explain(thrown);
    }
  }

  /** The deadline of one call, and what its cancelling asks for. */
  #watch(life: Life, path: readonly string[], signal: AbortSignal | undefined, leave: () => void) {
    const deadline = this.#options.deadlineOf(path);
    let timedOut: AppError | null = null;
    let timer: NodeJS.Timeout | undefined;
    let pulledAt = performance.now();
    let slowestGapMs = 0;
    const arm = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        timedOut = new AppError(
          this.#options.timeoutCode,
          `${path.join('.')} was silent for ${String(ms)} ms`,
          {
            details: { call: path.join('.'), silentMs: ms },
          },
        );
        this.#end(life, 'It did not answer in time');
      }, ms);
    };
    const cancelled = () => this.#expectLife(life);
    signal?.addEventListener('abort', cancelled, { once: true });
    if (deadline) arm(deadline.firstMs);
    let items = 0;
    return {
      pull: () => {
        if (!deadline) return;
        pulledAt = performance.now();
        arm(items === 0 ? deadline.firstMs : nextItemMs(deadline, slowestGapMs));
      },
      item: () => {
        clearTimeout(timer);
        if (items > 0) slowestGapMs = Math.max(slowestGapMs, performance.now() - pulledAt);
        items += 1;
      },
      end: () => {
        leave();
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancelled);
      },
      explain: (thrown: unknown) => timedOut ?? thrown,
    };
  }

  /** Inference blocks its thread between tokens: a cancelled call that hangs can only be ended with the process. */
  #expectLife(life: Life): void {
    const heard = life.pongs;
    void life.child.port.postMessage({ control: 'ping' });
    const timer = setTimeout(() => {
      if (life.pongs > heard || this.#life !== life) return;
      life.excused = true;
      this.#end(life, 'It did not stop when asked to');
    }, this.#options.cancelGraceMs);
    timer.unref();
  }
}

const mebibytes = (bytes: number): string => `${String(Math.round(bytes / 1024 ** 2))} MiB`;

const reasonOf = ({ cause, usedBytes, limitBytes, freeBytes }: TooMuchMemory): string =>
  cause === 'budget'
    ? `It took ${mebibytes(usedBytes)} of memory, more than the ${mebibytes(limitBytes)} that it may`
    : `The computer had only ${mebibytes(freeBytes ?? 0)} of memory left; it took ${mebibytes(usedBytes)}`;
