import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/modelId.ts';
import type { Answered, TaskKind } from '#shared/models/routing.ts';
import type { Run, RunObserver } from './Run.ts';

type Placed = Pick<Run, 'precision' | 'device'>;

/** Times one attempt of one model. Its first end counts. */
export class RunClock {
  readonly #startedAt = performance.now();
  readonly #task: TaskKind;
  readonly #modelId: ModelId;
  readonly #observer: RunObserver | undefined;
  #waitMs: number | null = null;
  #text: Pick<Run, 'tokens' | 'tokensPerSecond' | 'firstTokenMs'> = {
    tokens: 0,
    tokensPerSecond: null,
    firstTokenMs: null,
  };
  #hasEnded = false;

  constructor(task: TaskKind, modelId: ModelId, observer: RunObserver | undefined) {
    this.#task = task;
    this.#modelId = modelId;
    this.#observer = observer;
    observer?.begin();
  }

  /** The model is in memory, and it is this attempt's turn. */
  begin(): void {
    this.#waitMs = performance.now() - this.#startedAt;
  }

  /** Looks at an event for what it tells of a text's speed. */
  note(event: object): void {
    if ('tokens' in event && typeof event.tokens === 'number')
      this.#text = { ...this.#text, tokens: event.tokens };
    if (!('tokensPerSecond' in event) || !('firstTokenMs' in event)) return;
    const { tokensPerSecond, firstTokenMs } = event;
    if (typeof tokensPerSecond === 'number' && typeof firstTokenMs === 'number')
      this.#text = { ...this.#text, tokensPerSecond, firstTokenMs };
  }

  /** The answer was given before. */
  recalled(placed: Placed): void {
    this.#report('cached', '', placed);
  }

  end(outcome: 'done' | 'cancelled', answered?: Answered): void {
    this.#report(outcome, '', answered);
  }

  fail(isCancelled: boolean, thrown: unknown): void {
    if (isCancelled) this.#report('cancelled', '');
    else this.#report('failed', AppError.from(thrown).code);
  }

  #report(outcome: Run['outcome'], code: string, placed?: Placed): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const ms = performance.now() - this.#startedAt;
    this.#observer?.end({
      task: this.#task,
      modelId: this.#modelId,
      precision: placed?.precision ?? null,
      device: placed?.device ?? '',
      outcome,
      code,
      ms,
      waitMs: this.#waitMs ?? ms,
      ...this.#text,
    });
  }
}
