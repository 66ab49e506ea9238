/** Hands every published value to every listener that is following at that moment. */
export class Broadcast<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  publish(value: Value): void {
    for (const listener of this.#listeners) listener(value);
  }

  /**
   * Streams `first`, then whatever is published, until the signal aborts. Following begins with the call, so nothing
   * published after it is missed.
   */
  follow(first: readonly Value[], signal?: AbortSignal): AsyncGenerator<Value> {
    const queue = [...first];
    let wake = Promise.withResolvers<void>();
    const listener = (value: Value) => {
      queue.push(value);
      wake.resolve();
    };
    const stop = () => {
      this.#listeners.delete(listener);
      wake.resolve();
    };
    this.#listeners.add(listener);
    signal?.addEventListener('abort', stop, { once: true });
    async function* stream() {
      try {
        while (!signal?.aborted) {
          const value = queue.shift();
          if (value !== undefined) {
            yield value;
            continue;
          }
          await wake.promise;
          wake = Promise.withResolvers<void>();
        }
      } finally {
        stop();
        signal?.removeEventListener('abort', stop);
      }
    }
    return stream();
  }
}
