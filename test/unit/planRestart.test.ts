import { expect, test } from 'vitest';
import { defaultRestartPolicy, planRestart } from '#electron/services/supervisor/planRestart.ts';

const minute = 60_000;
const plan = (...crashedAt: number[]) => planRestart(crashedAt, crashedAt.at(-1) ?? 0, defaultRestartPolicy);

test('waits longer after each crash', () => {
  expect([
    plan(0),
    plan(0, 6 * minute),
    plan(0, 6 * minute, 12 * minute),
    plan(0, 6 * minute, 12 * minute, 18 * minute),
  ]).toEqual([500, 2000, 8000, 8000].map((delayMs) => ({ kind: 'restart', delayMs })));
});

test('gives up at the third crash within five minutes', () => {
  expect(plan(0, minute)).toEqual({ kind: 'restart', delayMs: 2000 });
  expect(plan(0, minute, 2 * minute)).toEqual({ kind: 'stop' });
});

test('forgets crashes after an hour', () => {
  expect(plan(0, 61 * minute)).toEqual({ kind: 'restart', delayMs: 500 });
});
