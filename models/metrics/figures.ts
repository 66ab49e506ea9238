import type { FailureFigures, MetricsPoint, TaskFigures } from '#shared/models/metrics.ts';
import type { Run } from './Run.ts';

/** A run as it was recorded. */
export interface RecordedRun extends Run {
  /** Milliseconds since 1970, when it ended. */
  readonly at: number;
  /** Runs that went on when it began, itself included. */
  readonly running: number;
  readonly processBytes: number;
  readonly modelBytes: number;
}

/** The value that this share of the values does not exceed (nearest rank); `null` without values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? null;
}

const present = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** Times count where the model itself came to an end. */
const whole = (runs: readonly RecordedRun[]) => runs.filter(({ outcome }) => outcome === 'done');

const timesOf = (runs: readonly RecordedRun[]) => {
  const times = whole(runs).map(({ ms }) => ms);
  return { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) };
};

const speedOf = (runs: readonly RecordedRun[]): number | null =>
  percentile(present(whole(runs).map(({ tokensPerSecond }) => tokensPerSecond)), 0.5);

/** What each model took for each kind of task, the busiest first. */
export function taskFigures(runs: readonly RecordedRun[]): TaskFigures[] {
  return [...Map.groupBy(runs, ({ modelId, task }) => `${modelId} ${task}`).values()]
    .flatMap((own) => {
      const [first] = own;
      if (!first) return [];
      const countOf = (outcome: Run['outcome']) => own.filter((run) => run.outcome === outcome).length;
      return [
        {
          modelId: first.modelId,
          task: first.task,
          outcomes: {
            done: countOf('done'),
            cached: countOf('cached'),
            cancelled: countOf('cancelled'),
            failed: countOf('failed'),
          },
          ...timesOf(own),
          waitMs: percentile(
            whole(own).map(({ waitMs }) => waitMs),
            0.5,
          ),
          firstTokenMs: percentile(present(whole(own).map(({ firstTokenMs }) => firstTokenMs)), 0.5),
          tokensPerSecond: speedOf(own),
        },
      ];
    })
    .toSorted((a, b) => total(b) - total(a));
}

const total = ({ outcomes }: TaskFigures): number =>
  Object.values(outcomes).reduce((sum, count) => sum + count, 0);

/** Failures by code and model, the most frequent first. */
export function failureFigures(runs: readonly RecordedRun[]): FailureFigures[] {
  const failed = runs.filter(({ outcome }) => outcome === 'failed');
  return [...Map.groupBy(failed, ({ code, modelId }) => `${code} ${modelId}`).values()]
    .flatMap(([first, ...rest]) =>
      first ? [{ code: first.code, modelId: first.modelId, count: rest.length + 1 }] : [],
    )
    .toSorted((a, b) => b.count - a.count);
}

/** The time from `from` to `to` in so many equal stretches. */
export function metricsPoints(
  runs: readonly RecordedRun[],
  { from, to, points }: { readonly from: number; readonly to: number; readonly points: number },
): MetricsPoint[] {
  const width = (to - from) / points;
  const buckets = Array.from({ length: points }, (): RecordedRun[] => []);
  for (const run of runs) buckets[Math.min(points - 1, Math.floor((run.at - from) / width))]?.push(run);
  return buckets.map((own, index) => {
    const last = own.at(-1);
    return {
      at: new Date(from + index * width).toISOString(),
      runs: own.length,
      cached: own.filter(({ outcome }) => outcome === 'cached').length,
      failed: own.filter(({ outcome }) => outcome === 'failed').length,
      ...timesOf(own),
      tokensPerSecond: speedOf(own),
      processBytes: last?.processBytes ?? null,
      modelBytes: last?.modelBytes ?? null,
      running: Math.max(0, ...own.map(({ running }) => running)),
    };
  });
}
