/** Tells any number of watchers that something changed; changes that come faster than they are read become one. */
export class Changes {
  readonly #wakers = new Set<() => void>();

  notify(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Yields once at once and once after every change, until aborted. */
  async *watch(signal?: AbortSignal): AsyncGenerator<void> {
    let changed = true;
    let wake: () => void = () => undefined;
    const waker = () => {
      changed = true;
      wake();
    };
    this.#wakers.add(waker);
    signal?.addEventListener('abort', waker);
    try {
      while (!signal?.aborted) {
        if (!changed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        changed = false;
        yield;
      }
    } finally {
      this.#wakers.delete(waker);
      signal?.removeEventListener('abort', waker);
    }
  }
}
