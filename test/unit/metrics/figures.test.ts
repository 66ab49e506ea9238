import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  failureFigures,
  metricsPoints,
  percentile,
  type RecordedRun,
  taskFigures,
} from '#models/metrics/figures.ts';
import { ModelId } from '#shared/models/modelId.ts';

const run = (patch: Partial<RecordedRun>): RecordedRun => ({
  at: 0,
  task: 'write',
  modelId: ModelId.parse('a-model'),
  precision: 'q4',
  device: 'cpu',
  outcome: 'done',
  code: '',
  ms: 100,
  waitMs: 1,
  tokens: 0,
  tokensPerSecond: null,
  firstTokenMs: null,
  running: 1,
  processBytes: 1000,
  modelBytes: 500,
  ...patch,
});

test('a percentile is a value that is there, and as many values are below it as it says', () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([3], 0.95)).toBe(3);
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const value = percentile(values, share) ?? -1;
        expect(values).toContain(value);
        expect(values.filter((other) => other <= value).length).toBeGreaterThanOrEqual(share * values.length);
        expect(values.filter((other) => other < value).length).toBeLessThan(
          Math.max(1, share * values.length),
        );
      },
    ),
  );
});

describe('what each model took', () => {
  const other = ModelId.parse('b-model');
  const runs = [
    ...[10, 20, 30, 1000].map((ms) => run({ ms, tokensPerSecond: ms, firstTokenMs: 5, waitMs: 2 })),
    run({ ms: 1, outcome: 'cached' }),
    run({ ms: 9999, outcome: 'cancelled' }),
    run({ modelId: other, task: 'describe', outcome: 'failed', code: 'model/out-of-memory' }),
    run({ modelId: other, task: 'describe', outcome: 'failed', code: 'model/out-of-memory' }),
    run({ outcome: 'failed', code: 'model/damaged' }),
  ];

  test('times are of whole runs, what was remembered or stopped is counted apart', () => {
    const [busiest, rarer] = taskFigures(runs);
    expect(busiest).toEqual({
      modelId: 'a-model',
      task: 'write',
      outcomes: { done: 4, cached: 1, cancelled: 1, failed: 1 },
      p50Ms: 20,
      p95Ms: 1000,
      waitMs: 2,
      firstTokenMs: 5,
      tokensPerSecond: 20,
    });
    expect(rarer).toMatchObject({ modelId: 'b-model', p50Ms: null, tokensPerSecond: null });
  });

  test('failures by code, the most frequent first', () => {
    expect(failureFigures(runs)).toEqual([
      { code: 'model/out-of-memory', modelId: 'b-model', count: 2 },
      { code: 'model/damaged', modelId: 'a-model', count: 1 },
    ]);
  });
});

test('a range falls into equal stretches, in which every run is counted once', () => {
  const runs = [
    run({ at: 0 }),
    run({ at: 99, outcome: 'cached', running: 3 }),
    run({ at: 250, outcome: 'failed' }),
    run({ at: 300 }),
  ];
  const points = metricsPoints(runs, { from: 0, to: 300, points: 3 });
  expect(points.map(({ runs: all, cached, failed, running }) => [all, cached, failed, running])).toEqual([
    [2, 1, 0, 3],
    [0, 0, 0, 0],
    [2, 0, 1, 1],
  ]);
  expect(points.map(({ at }) => at)).toEqual([0, 100, 200].map((at) => new Date(at).toISOString()));
  expect(points[1]).toMatchObject({ p50Ms: null, processBytes: null });
});
