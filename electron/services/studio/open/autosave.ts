/** When to save by itself. */
export interface AutosaveOptions {
  /** After the last change. */
  readonly quietMs: number;
  /** After the first unsaved change, however busily the writer types on. */
  readonly longestMs: number;
  readonly retryMs: readonly number[];
  readonly save: () => Promise<void>;
}

export const defaultAutosave = {
  quietMs: 1_500,
  longestMs: 5_000,
  retryMs: [1_000, 2_000, 4_000, 8_000, 10_000],
};

/** Calls `save` a moment after changes; after a failure again and again, with growing pauses. */
export class Autosave {
  readonly #options: AutosaveOptions;
  #timer: NodeJS.Timeout | null = null;
  #firstChangeAt: number | null = null;
  #failures = 0;
  #stopped = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
  }

  /** Something changed. */
  touch(): void {
    if (this.#failures > 0 && this.#timer) return;
    const now = performance.now();
    this.#firstChangeAt ??= now;
    const left = this.#firstChangeAt + this.#options.longestMs - now;
    this.#schedule(Math.max(0, Math.min(this.#options.quietMs, left)));
  }

  /** Everything is saved. */
  settle(): void {
    this.#cancel();
    this.#firstChangeAt = null;
    this.#failures = 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(waitMs: number): void {
    this.#cancel();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#firstChangeAt = null;
      this.#options.save().then(
        () => {
          this.#failures = 0;
        },
        () => {
          const { retryMs } = this.#options;
          const wait = retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 10_000;
          this.#failures += 1;
          this.#schedule(wait);
        },
      );
    }, waitMs);
  }
}
