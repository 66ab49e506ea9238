/** Lets one caller in at a time, in the order of arrival. */
export class Lane {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the turn; whoever gives up waiting does not hold up the others. Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<{ leave(): void }> {
    signal.throwIfAborted();
    const before = this.#last;
    const { promise, resolve: leave } = Promise.withResolvers<void>();
    this.#last = before.then(() => promise);
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([before, aborted.promise]);
      return { leave };
    } catch (error) {
      leave();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Does some work in its turn. Rejects as `enter` does, or with the work's own error. */
  async run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const turn = await this.enter(signal);
    try {
      return await work();
    } finally {
      turn.leave();
    }
  }
}
