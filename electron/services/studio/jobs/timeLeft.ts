/** What a job still has to do, and how long its last items took. */
export interface WorkLeft {
  readonly waiting: number;
  /** How far each of the running items is, 0…1. */
  readonly running: readonly number[];
  /** `null` before the first item is done. */
  readonly meanMs: number | null;
  /** Items that may run at once. */
  readonly width: number;
}

/** How long a job will go on once it is its turn; `null` while that is not known. */
export function timeLeft({ waiting, running, meanMs, width }: WorkLeft): number | null {
  if (meanMs === null) return null;
  const items = waiting + running.reduce((sum, share) => sum + (1 - share), 0);
  return Math.round((items * meanMs) / Math.max(1, Math.min(width, waiting + running.length)));
}
