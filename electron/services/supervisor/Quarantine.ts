import { createHash } from 'node:crypto';

/** What stands for a job over several lives of a process; `null` for calls that are no jobs, such as a watch. */
export type JobKeyOf = (path: readonly string[], input: unknown) => string | null;

const maxDeaths = 2;
const remembered = 500;

/** Remembers which jobs were running when a process died. One that was there twice is not let in again. */
export class Quarantine {
  readonly #running = new Map<string, number>();
  readonly #deaths = new Map<string, number>();

  /** Whether a job has ended the process too often. */
  holds(key: string): boolean {
    return (this.#deaths.get(key) ?? 0) >= maxDeaths;
  }

  /** Notes a job that runs; the returned function ends that. */
  enter(key: string): () => void {
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const left = (this.#running.get(key) ?? 1) - 1;
      if (left > 0) this.#running.set(key, left);
      else this.#running.delete(key);
    };
  }

  /** The process died of itself: every job that was running may be why. */
  died(): void {
    for (const key of this.#running.keys()) {
      const deaths = (this.#deaths.get(key) ?? 0) + 1;
      this.#deaths.delete(key);
      this.#deaths.set(key, deaths);
    }
    for (const [oldest] of this.#deaths) {
      if (this.#deaths.size <= remembered) break;
      this.#deaths.delete(oldest);
    }
  }

  forget(): void {
    this.#deaths.clear();
  }
}

const jobs: Readonly<Record<string, readonly string[]>> = {
  inference: ['write', 'rank', 'answer', 'describe'],
  models: ['load'],
};

/** The engine's jobs: the same call with the same input is the same job, whatever its seed. */
export const engineJobKey: JobKeyOf = ([namespace = '', procedure = ''], input) => {
  if (!jobs[namespace]?.includes(procedure)) return null;
  const text = JSON.stringify(input, (key, value: unknown) => (key === 'seed' ? undefined : value));
  return `${namespace}.${procedure} ${createHash('sha256').update(text).digest('hex')}`;
};
