import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { Job, JobDecision, JobId, JobItem, JobOrder, JobPriority } from '../models/job.ts';
import { SessionId } from './studio.ts';

const byJob = z.object({ jobId: JobId });
const item = z.string().min(1).max(200);
const maxItems = 10_000;

/** Work that goes on by itself, item by item. It is kept over restarts and runs while its story is open. */
export const jobs = {
  list: oc.output(z.array(Job)),
  /** The whole list again after changes, until cancelled; jobs of the given story may run from now on. */
  watch: oc.input(z.object({ sessionId: SessionId.nullable() })).output(eventIterator(z.array(Job))),
  /**
   * Begins a job; without `items` with everything in the story that needs it.
   * Errors: jobs/full, jobs/nothing-to-do, project/read-only, project/closed, task/ai-disabled.
   */
  start: oc
    .input(
      z.object({
        sessionId: SessionId,
        order: JobOrder,
        items: z.array(item).min(1).max(maxItems).nullable(),
        priority: JobPriority,
      }),
    )
    .output(Job),
  /** Begins no further item; those that run come to their end. Errors of all that name a job: jobs/not-found. */
  pause: oc.input(byJob),
  resume: oc.input(byJob),
  /** Ends the job: what waits and what runs. Results so far stay. */
  cancel: oc.input(byJob),
  /** Tries again what failed. */
  retry: oc.input(byJob),
  /** Forgets a job and its results. */
  remove: oc.input(byJob),
  /** Items in their order: `proposals` are results that nobody has decided about. */
  results: oc
    .input(
      byJob.extend({
        show: z.enum(['all', 'proposals', 'failed']),
        from: z.number().int().nonnegative(),
        limit: z.number().int().positive().max(1000),
      }),
    )
    .output(z.array(JobItem)),
  /** Notes what the writer made of proposals, and returns the items that had not been decided about before. */
  decide: oc
    .input(byJob.extend({ items: z.array(item).min(1).max(maxItems), decision: JobDecision }))
    .output(z.array(z.string())),
};
