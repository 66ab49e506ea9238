import { AppError, type ErrorCode } from '#shared/errors/AppError.ts';
import type { Command } from '#shared/story/commands.ts';
import { joinTextEdits } from './history.ts';

export interface CommandQueueDeps {
  /** Sends commands made against a revision; resolves to the new revision once they are journalled. */
  send(baseRevision: number, commands: readonly Command[]): Promise<number>;
  /** Commands arrived; they are part of the confirmed story from now on. */
  confirmed(commands: readonly Command[], revision: number): void;
  /** The other side has a newer revision. Resolves once the queue was rebased with {@link CommandQueue.rebase}. */
  conflict(error: AppError): Promise<void>;
  /** Sending failed for now; the queue keeps everything and tries again. */
  failed(error: AppError): void;
}

const batchMs = 50;
const retryMs = [500, 1_000, 2_000, 4_000, 8_000];
const maxBatch = 5_000;
/** Refusals that a fresh look at the story may heal, and how often in a row that is tried before the writer is told. */
const catchUpCodes: ReadonlySet<ErrorCode> = new Set([
  'story/conflict',
  'project/closed',
  'story/invalid-command',
]);
const maxCatchUps = 3;

/** Sends commands in order, one batch at a time. Nothing leaves the queue before the studio has journalled it. */
export class CommandQueue {
  readonly #deps: CommandQueueDeps;
  #revision: number;
  #waiting: Command[] = [];
  #inFlight: readonly Command[] = [];
  #sending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #catchUps = 0;
  #stopped = false;

  constructor(revision: number, deps: CommandQueueDeps) {
    this.#revision = revision;
    this.#deps = deps;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Commands not yet confirmed, in order. */
  get pending(): readonly Command[] {
    return [...this.#inFlight, ...this.#waiting];
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#inFlight.length === 0;
  }

  get isSending(): boolean {
    return this.#inFlight.length > 0;
  }

  push(commands: readonly Command[]): void {
    this.#waiting.push(...commands);
    if (this.#timer === undefined && !this.#sending) this.#schedule(batchMs);
  }

  /** Replaces what waits and the revision it is made against, after the story changed elsewhere. */
  rebase(revision: number, pending: readonly Command[]): void {
    this.#revision = revision;
    this.#inFlight = [];
    this.#waiting = [...pending];
    if (this.#waiting.length > 0 && this.#timer === undefined && !this.#sending) this.#schedule(batchMs);
  }

  /** Resolves when everything pushed so far has arrived, or rejects with why it has not. */
  async flush(): Promise<void> {
    while (!this.isIdle && !this.#stopped) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const failuresBefore = this.#failures;
      this.#sending ??= this.#sendBatch();
      await this.#sending;
      if (this.#failures > failuresBefore) throw this.#lastError;
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #lastError = new AppError('host/disconnected', 'Not sent yet');

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sending ??= this.#sendBatch();
    }, ms);
  }

  async #sendBatch(): Promise<void> {
    const batch = joinTextEdits(this.#waiting.slice(0, maxBatch));
    this.#waiting = this.#waiting.slice(maxBatch);
    this.#inFlight = batch;
    try {
      this.#revision = await this.#deps.send(this.#revision, batch);
      this.#inFlight = [];
      this.#failures = 0;
      this.#catchUps = 0;
      this.#deps.confirmed(batch, this.#revision);
    } catch (thrown) {
      await this.#recover(AppError.from(thrown), batch);
    } finally {
      this.#sending = null;
      if (this.#waiting.length > 0 && this.#timer === undefined) {
        this.#schedule(
          this.#failures === 0 ? 0 : (retryMs[Math.min(this.#failures, retryMs.length) - 1] ?? 0),
        );
      }
    }
  }

  async #recover(error: AppError, batch: readonly Command[]): Promise<void> {
    this.#waiting = [...batch, ...this.#waiting];
    this.#inFlight = [];
    if (catchUpCodes.has(error.code) && this.#catchUps < maxCatchUps) {
      this.#catchUps++;
      try {
        await this.#deps.conflict(error);
      } catch (thrown) {
        this.#fail(AppError.from(thrown));
      }
      return;
    }
    this.#fail(error);
  }

  #fail(error: AppError): void {
    this.#failures++;
    this.#lastError = error;
    this.#deps.failed(error);
  }
}
