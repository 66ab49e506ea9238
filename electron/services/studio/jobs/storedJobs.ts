import type { ErrorCode, ErrorReport } from '#shared/errors/AppError.ts';
import type { JobDecision, JobId, JobPriority } from '#shared/models/job.ts';
import type { StoryId } from '#shared/story/ids.ts';

/** A job as it lies in the database. `order` is not checked: a later version may have written it. */
export interface StoredJob {
  readonly seq: number;
  readonly id: JobId;
  readonly order: unknown;
  readonly storyId: StoryId;
  readonly storyTitle: string;
  readonly priority: JobPriority;
  readonly state: 'active' | 'paused' | 'done' | 'cancelled';
  readonly heldBy: ErrorCode | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly counts: { waiting: number; done: number; failed: number; cancelled: number };
  readonly proposals: number;
}

/** An item as it lies in the database. `result` is not checked. */
export interface StoredItem {
  readonly index: number;
  readonly item: string;
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly deaths: number;
  readonly notBefore: number;
  readonly error: ErrorReport | null;
  readonly result: unknown;
  readonly decision: JobDecision | null;
}

/** A row of `job`, under {@link jobColumns}. */
export interface JobRow extends Omit<StoredJob, 'order' | 'counts' | 'proposals'> {
  readonly kind: string;
  readonly options: string;
}

/** How many items of a job are in one state, and how many of them nobody has decided about. */
export interface CountRow {
  readonly job: number;
  readonly state: StoredItem['state'];
  readonly items: number;
  readonly undecided: number;
}

/** A row of `job_item`, under {@link itemColumns}. */
export interface ItemRow extends Omit<StoredItem, 'error' | 'result'> {
  readonly error: string | null;
  readonly result: string | null;
}

/** What is read of a job and of an item, under the names of the rows above. */
export const jobColumns = `seq, id, kind, options, story_id AS storyId, story_title AS storyTitle, priority, state,
  held_by AS heldBy, created_at AS createdAt, ended_at AS endedAt`;
export const itemColumns = `position AS "index", item, state, attempts, deaths, not_before AS notBefore, error, result, decision`;

/** Jobs with the numbers of their items. */
export function readJobs(rows: readonly JobRow[], counts: readonly CountRow[]): StoredJob[] {
  const byJob = Map.groupBy(counts, ({ job }) => job);
  return rows.map(({ kind, options, ...job }) => {
    const own = byJob.get(job.seq) ?? [];
    const count = (state: StoredItem['state']) => own.find((row) => row.state === state)?.items ?? 0;
    return {
      ...job,
      order: { kind, options: JSON.parse(options) as unknown },
      counts: {
        waiting: count('waiting'),
        done: count('done'),
        failed: count('failed'),
        cancelled: count('cancelled'),
      },
      proposals: own.reduce((sum, { undecided }) => sum + undecided, 0),
    };
  });
}

export const readItem = (row: ItemRow): StoredItem => ({
  ...row,
  error: row.error === null ? null : (JSON.parse(row.error) as ErrorReport),
  result: row.result === null ? null : (JSON.parse(row.result) as unknown),
});
