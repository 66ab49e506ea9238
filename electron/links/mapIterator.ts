/** Whether a handler's output is a stream. */
export const isIterator = (value: unknown): value is AsyncIteratorObject<unknown, unknown, void> =>
  typeof value === 'object' &&
  value !== null &&
  Symbol.asyncIterator in value &&
  typeof value[Symbol.asyncIterator] === 'function';

interface IteratorHooks {
  onError(thrown: unknown): unknown;
  /** Called whenever somebody waits for the next item. */
  onPull?(): void;
  /** Called for every item. */
  onItem?(): void;
  /** Called once, however it ended. */
  onEnd?(): void;
}

/**
 * The same stream with its errors mapped. Unlike a generator it passes `return` on while a `next` is pending, so that
 * cancelling a quiet stream takes effect at once.
 */
export function mapIterator(
  source: AsyncIteratorObject<unknown, unknown, void>,
  hooks: IteratorHooks,
): AsyncIteratorObject<unknown, unknown, void> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    hooks.onEnd?.();
  };
  const mapped: AsyncIteratorObject<unknown, unknown, void> = {
    async next() {
      hooks.onPull?.();
      try {
        const result = await iterator.next();
        if (result.done) end();
        else hooks.onItem?.();
        return result;
      } catch (thrown) {
        end();
        throw hooks.onError(thrown);
      }
    },
    async return(value) {
      end();
      return (await iterator.return?.(value)) ?? { done: true, value };
    },
    async throw(thrown) {
      end();
      if (iterator.throw) return iterator.throw(thrown);
      throw thrown;
    },
    async [Symbol.asyncDispose]() {
      end();
      await iterator.return?.();
    },
    [Symbol.asyncIterator]: () => mapped,
  };
  return mapped;
}
