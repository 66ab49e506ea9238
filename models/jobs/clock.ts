/** Time as the batcher sees it: a seam for tests. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Resolves after the time; 0 lets everything else of this moment happen first. */
  sleep(ms: number): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      if (ms > 0) setTimeout(resolve, ms);
      else setImmediate(resolve);
    }),
};
