import { describe, expect, test } from 'vitest';
import { engineWidth } from '#electron/services/studio/jobs/engineWidth.ts';
import { planNext, type RunnableJob } from '#electron/services/studio/jobs/planNext.ts';
import { planPrune } from '#electron/services/studio/jobs/planPrune.ts';
import { planRetry } from '#electron/services/studio/jobs/planRetry.ts';
import { timeLeft } from '#electron/services/studio/jobs/timeLeft.ts';

const job = (seq: number, priority: RunnableJob['priority'], ...notBefore: number[]): RunnableJob => ({
  seq,
  priority,
  lane: 'engine',
  waiting: notBefore.map((time, index) => ({ index, notBefore: time })),
});
const idle = { running: { engine: 0, studio: 0 }, widths: { engine: 1, studio: 2 }, now: 100 };

describe('what begins next', () => {
  test('what is looked at first, then what was asked for, then the rest; the older before the younger', () => {
    const jobs = [
      job(1, 'background', 0),
      job(2, 'asked', 0, 0),
      job(3, 'screen', 0),
      job(4, 'asked', 0),
      job(5, 'screen', 0),
    ];
    const { start } = planNext({ ...idle, jobs, widths: { engine: 9, studio: 0 } });
    expect(start.map(({ seq }) => seq)).toEqual([3, 5, 2, 2, 4, 1]);
  });

  test('no more at once than the lane is wide, what runs counted; another lane is not held up', () => {
    const full = { ...idle, running: { engine: 2, studio: 1 }, widths: { engine: 2, studio: 2 } };
    const jobs = [job(1, 'asked', 0), { ...job(2, 'background', 0, 0), lane: 'studio' as const }];
    expect(planNext({ ...full, jobs }).start).toEqual([{ seq: 2, index: 0 }]);
  });

  test('an item that waits for its time lets others go and says when to look again', () => {
    const plan = planNext({ ...idle, jobs: [job(1, 'screen', 300, 200), job(2, 'background', 100)] });
    expect(plan).toEqual({ start: [{ seq: 2, index: 0 }], wakeAt: 200 });
  });
});

describe('what becomes of a failure', () => {
  const outcome = (code: Parameters<typeof planRetry>[0]['code'], attempts: number, deaths = 0) =>
    planRetry({ code, attempts, deaths });

  test('only what may succeed later is tried again, ever later, four times in all', () => {
    expect([1, 2, 3, 4].map((attempts) => outcome('model/load-failed', attempts))).toEqual([
      { kind: 'again', delayMs: 2000 },
      { kind: 'again', delayMs: 10_000 },
      { kind: 'again', delayMs: 60_000 },
      { kind: 'fail', code: 'model/load-failed' },
    ]);
    expect(outcome('image/not-found', 1)).toEqual({ kind: 'fail', code: 'image/not-found' });
  });

  test('what ended a process twice is not tried a third time', () => {
    expect(outcome('engine/crashed', 1, 1)).toEqual({ kind: 'again', delayMs: 2000 });
    expect(outcome('engine/timeout', 2, 2)).toEqual({ kind: 'fail', code: 'engine/quarantined' });
    expect(outcome('imaging/crashed', 2, 2)).toEqual({ kind: 'fail', code: 'imaging/crashed' });
  });

  test('what every item would run into holds the job; a closed story leaves the item as it was', () => {
    expect([outcome('engine/stopped', 1), outcome('task/no-route', 1)]).toEqual([
      { kind: 'hold' },
      { kind: 'hold' },
    ]);
    expect(outcome('project/closed', 9)).toEqual({ kind: 'leave' });
  });
});

test('the oldest of many ended jobs go, and those of long ago; undecided proposals keep a job longer', () => {
  const day = 24 * 3600 * 1000;
  const now = 1000 * day;
  const many = Array.from({ length: 60 }, (_, index) => ({
    seq: index,
    endedAt: now - (60 - index) * 1000,
    proposals: 0,
  }));
  expect(planPrune(many, now)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  const old = [
    { seq: 1, endedAt: now - 29 * day, proposals: 0 },
    { seq: 2, endedAt: now - 31 * day, proposals: 0 },
    { seq: 3, endedAt: now - 31 * day, proposals: 2 },
    { seq: 4, endedAt: now - 181 * day, proposals: 2 },
  ];
  expect(planPrune(old, now)).toEqual([2, 4]);
});

test('the time left counts what runs by what is missing of it', () => {
  expect(timeLeft({ waiting: 3, running: [0.5], meanMs: 1000, width: 1 })).toBe(3500);
  expect(timeLeft({ waiting: 3, running: [0], meanMs: 1000, width: 4 })).toBe(1000);
  expect(timeLeft({ waiting: 3, running: [], meanMs: null, width: 1 })).toBeNull();
});

test('several items at once only where a graphics card works', () => {
  const verdict = (device: 'cuda' | 'cpu', ok: boolean) => ({
    device,
    ok,
    software: false,
    reason: '',
    ms: 1,
  });
  expect(engineWidth([])).toBe(1);
  expect(engineWidth([verdict('cuda', false), verdict('cpu', true)])).toBe(1);
  expect(engineWidth([verdict('cuda', true), verdict('cpu', true)])).toBeGreaterThan(1);
});
