import type { Clock } from '#models/jobs/clock.ts';

/** Time that passes only when nothing else can happen. */
export class VirtualClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#timers.push({ at: this.#now + Math.max(0, ms), wake });
    });
  }

  /** Lets time pass until nobody sleeps any more. */
  async run(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#timers.reduce<number | null>(
        (earliest, { at }) => (earliest === null || at < earliest ? at : earliest),
        null,
      );
      if (next === null) return;
      this.#now = next;
      const due = this.#timers.filter(({ at }) => at === next);
      this.#timers = this.#timers.filter(({ at }) => at !== next);
      for (const { wake } of due) wake();
    }
  }
}
