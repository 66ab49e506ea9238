import { z } from 'zod';
import { ModelId } from './modelId.ts';
import { TaskKind } from './routing.ts';

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();

/** How far back figures go. */
export const MetricsRange = z.enum(['hour', 'day', 'week', 'month']);
export type MetricsRange = z.infer<typeof MetricsRange>;

export const rangeMs: Readonly<Record<MetricsRange, number>> = {
  hour: 3_600_000,
  day: 24 * 3_600_000,
  week: 7 * 24 * 3_600_000,
  month: 30 * 24 * 3_600_000,
};

/** How an attempt of a model ended. */
export const RunOutcome = z.enum(['done', 'cached', 'cancelled', 'failed']);
export type RunOutcome = z.infer<typeof RunOutcome>;

/** What one model took for one kind of task. Times are of runs that came to their end, loading included. */
export const TaskFigures = z.object({
  modelId: ModelId,
  task: TaskKind,
  outcomes: z.record(RunOutcome, count),
  /** `null` where no run came to its end. */
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  /** Median time until the model was in memory. */
  waitMs: ms.nullable(),
  /** Medians of texts; `null` where none was written. */
  firstTokenMs: ms.nullable(),
  tokensPerSecond: z.number().nonnegative().nullable(),
});
export type TaskFigures = z.infer<typeof TaskFigures>;

export const FailureFigures = z.object({ code: z.string(), modelId: ModelId, count });
export type FailureFigures = z.infer<typeof FailureFigures>;

export const MetricsSummary = z.object({
  range: MetricsRange,
  /** ISO 8601, UTC: the first run in the range; `null` without any. */
  since: z.string().nullable(),
  tasks: z.array(TaskFigures),
  failures: z.array(FailureFigures),
  /** What the engine's process holds, and what of it the models do; and how many runs go on now. */
  now: z.object({ processBytes: count, modelBytes: count, running: count }),
  /** Why nothing can be recorded; empty where all is well. */
  failure: z.string(),
});
export type MetricsSummary = z.infer<typeof MetricsSummary>;

/** Figures of a stretch of time; `null` where there is nothing to tell. */
export const MetricsPoint = z.object({
  /** ISO 8601, UTC: the beginning of the stretch. */
  at: z.string(),
  runs: count,
  cached: count,
  failed: count,
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  tokensPerSecond: z.number().nonnegative().nullable(),
  processBytes: count.nullable(),
  modelBytes: count.nullable(),
  /** Runs that went on at once at most. */
  running: count,
});
export type MetricsPoint = z.infer<typeof MetricsPoint>;

/** Everything for a report: figures of the month, the last runs, the last lines of the log. No text of any story. */
export const MetricsExport = z.object({
  summary: MetricsSummary,
  points: z.array(MetricsPoint),
  /** JSON lines, oldest first. */
  log: z.array(z.string()),
});
export type MetricsExport = z.infer<typeof MetricsExport>;
