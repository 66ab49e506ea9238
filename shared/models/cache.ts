import { z } from 'zod';

const count = z.number().int().nonnegative();

/** How often a task found its answer among those given before. */
export const TaskHits = z.object({
  task: z.string(),
  hits: count,
  misses: count,
  entries: count,
  bytes: count,
});
export type TaskHits = z.infer<typeof TaskHits>;

/** What the engine remembers because it would come out the same if it were computed again. */
export const CacheSummary = z.object({
  answers: z.object({ entries: count, bytes: count, maxBytes: count, tasks: z.array(TaskHits) }),
  vectors: z.object({ pictures: count, texts: count, bytes: count, maxBytes: count }),
  /** Why nothing can be remembered; empty where all is well. */
  failure: z.string(),
});
export type CacheSummary = z.infer<typeof CacheSummary>;
