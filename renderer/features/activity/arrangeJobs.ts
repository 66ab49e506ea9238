import type { Job } from '#shared/models/job.ts';
import type { StoryId } from '#shared/story/ids.ts';

const isUnfinished = ({ state }: Job): boolean =>
  state === 'running' || state === 'waiting' || state === 'paused';

const ranks: Readonly<Record<Job['state'], number>> = {
  running: 0,
  waiting: 1,
  paused: 2,
  done: 3,
  cancelled: 3,
};

/** What goes on first, in the order of its start; then what has ended, the newest first. */
export const arrangeJobs = (jobs: readonly Job[]): Job[] =>
  jobs.toSorted((a, b) => {
    const byState = ranks[a.state] - ranks[b.state];
    if (byState !== 0) return byState;
    if (a.endedAt !== null && b.endedAt !== null) return b.endedAt.localeCompare(a.endedAt);
    return a.createdAt.localeCompare(b.createdAt);
  });

export interface ActivitySummary {
  /** Jobs that are not finished, those included that stand still. */
  readonly unfinished: number;
  /** How far they are together, 0…1. */
  readonly progress: number;
  /** Jobs that stand still for a reason that the writer can do something about. */
  readonly held: number;
  /** Proposals for the open story. */
  readonly proposals: number;
}

const totalOf = ({ counts }: Job): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What the status bar says about all jobs together. */
export function summarise(jobs: readonly Job[], storyId: StoryId | null): ActivitySummary {
  const unfinished = jobs.filter(isUnfinished);
  const items = unfinished.reduce((sum, job) => sum + totalOf(job), 0);
  const done = unfinished.reduce((sum, job) => sum + job.progress * totalOf(job), 0);
  return {
    unfinished: unfinished.length,
    progress: items === 0 ? 0 : done / items,
    held: unfinished.filter(({ state, heldBy }) => state === 'paused' && heldBy !== null).length,
    proposals: jobs
      .filter((job) => job.storyId === storyId)
      .reduce((sum, { proposals }) => sum + proposals, 0),
  };
}
