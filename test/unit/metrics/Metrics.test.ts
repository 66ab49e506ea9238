import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonLog } from '#models/metrics/JsonLog.ts';
import { Metrics } from '#models/metrics/Metrics.ts';
import type { Run } from '#models/metrics/Run.ts';
import { rangeMs } from '#shared/models/metrics.ts';
import { ModelId } from '#shared/models/modelId.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storyloom-metrics-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run: Run = {
  task: 'write',
  modelId: ModelId.parse('stories15m'),
  precision: 'fp32',
  device: 'cpu',
  outcome: 'done',
  code: '',
  ms: 120.55,
  waitMs: 3,
  tokens: 12,
  tokensPerSecond: 99.94,
  firstTokenMs: 20,
};

test('runs are there after a restart, for 30 days and in the range that is asked for', () => {
  let now = Date.UTC(2026, 0, 1);
  const options = { folder, modelBytes: () => 7, now: () => now };
  const first = new Metrics(options);
  first.begin();
  first.end(run);
  first.close();
  now += 2 * rangeMs.hour;
  const metrics = new Metrics(options);
  metrics.begin();
  metrics.begin();
  metrics.end({ ...run, outcome: 'failed', code: 'model/damaged' });
  expect(metrics.summary('hour').tasks[0]?.outcomes).toMatchObject({ done: 0, failed: 1 });
  expect(metrics.summary('day')).toMatchObject({
    since: new Date(Date.UTC(2026, 0, 1)).toISOString(),
    tasks: [{ outcomes: { done: 1, failed: 1 }, p50Ms: 120.55 }],
    failures: [{ code: 'model/damaged', count: 1 }],
    now: { running: 1, modelBytes: 7 },
    failure: '',
  });
  expect(metrics.series('day').map(({ running }) => running)).toContain(2);
  now += rangeMs.month + 1;
  for (let index = 0; index < 200; index++) metrics.end(run);
  expect(metrics.summary('month').tasks[0]?.outcomes).toMatchObject({ done: 200, failed: 0 });
  metrics.close();
});

test('where nothing can be written, figures are empty and nothing is thrown', () => {
  writeFileSync(join(folder, 'file'), '');
  const metrics = new Metrics({ folder: join(folder, 'file', 'models'), modelBytes: () => 0 });
  metrics.begin();
  metrics.end(run);
  expect(metrics.summary('day')).toMatchObject({ tasks: [], since: null });
  expect(metrics.summary('day').failure).not.toBe('');
  expect(metrics.export().log).toEqual([]);
});

test('the log is JSON, line by line, and two files at most', () => {
  const path = join(folder, 'logs', 'engine.jsonl');
  const log = new JsonLog(path);
  for (let index = 0; index < 30_000; index++) log.write('run', { index, task: 'write' });
  const sizes = [path, `${path}.old`].map((file) => statSync(file).size);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
  expect(existsSync(`${path}.old.old`)).toBe(false);
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'run', index: 29_999, task: 'write' });
  expect(log.tail()).toHaveLength(200);
  expect(JSON.parse(log.tail().at(-1) ?? '')).toMatchObject({ index: 29_999 });
});
