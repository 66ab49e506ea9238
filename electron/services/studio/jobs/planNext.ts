import type { JobPriority } from '#shared/models/job.ts';

/** What an item keeps busy: the models' process, or the studio alone. */
export type JobLane = 'engine' | 'studio';

/** One item that waits for its turn. */
export interface WaitingItem {
  readonly index: number;
  /** Milliseconds since 1970 before which it is not tried again. */
  readonly notBefore: number;
}

/** A job that may run. */
export interface RunnableJob {
  /** Counts up with every job. */
  readonly seq: number;
  readonly priority: JobPriority;
  readonly lane: JobLane;
  /** Items that wait and do not run, those whose time has come first: as many as the lane could take, or all. */
  readonly waiting: readonly WaitingItem[];
}

export interface Queue {
  readonly jobs: readonly RunnableJob[];
  /** Items that run, by lane. */
  readonly running: Readonly<Record<JobLane, number>>;
  /** Items that may run at once, by lane. */
  readonly widths: Readonly<Record<JobLane, number>>;
  readonly now: number;
}

export interface NextItems {
  readonly start: readonly { readonly seq: number; readonly index: number }[];
  /** When something that waits for its time may begin; `null` where nothing does. */
  readonly wakeAt: number | null;
}

const ranks: Readonly<Record<JobPriority, number>> = { screen: 0, asked: 1, background: 2 };

/** Which items begin now: what is looked at first, then what was asked for, then the rest; the older job before the younger. */
export function planNext({ jobs, running, widths, now }: Queue): NextItems {
  const free = { engine: widths.engine - running.engine, studio: widths.studio - running.studio };
  const start: { seq: number; index: number }[] = [];
  let wakeAt: number | null = null;
  for (const { seq, lane, waiting } of jobs.toSorted(
    (a, b) => ranks[a.priority] - ranks[b.priority] || a.seq - b.seq,
  )) {
    for (const { index, notBefore } of waiting) {
      if (notBefore > now) wakeAt = Math.min(wakeAt ?? notBefore, notBefore);
      else if (free[lane] > 0) {
        free[lane] -= 1;
        start.push({ seq, index });
      }
    }
  }
  return { start, wakeAt };
}
