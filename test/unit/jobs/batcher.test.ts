import { describe, expect, test } from 'vitest';
import { Batcher } from '#models/jobs/Batcher.ts';
import { BatchSizes } from '#models/jobs/BatchSizes.ts';
import { planBatch } from '#models/jobs/planBatch.ts';
import { Lane } from '#models/runtime/Lane.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const maxWaitMs = 4;
const itemsAtOnce = 8;

/** Sizes that have been found out: one item takes 10 ms, `size` of them together pay. */
function learned(size: number): BatchSizes {
  const sizes = new BatchSizes();
  for (let items = 1; items <= itemsAtOnce; items *= 2) {
    const ms = items <= size ? 10 : (10 * items) / size;
    for (let run = 0; run < 3; run++) sizes.note(items, items, ms);
  }
  return sizes;
}

interface Run {
  readonly items: readonly number[];
  readonly from: number;
  to: number;
  wasAborted: boolean;
}

/** A batcher before a model that doubles numbers, refuses negative ones, and takes its time. */
function openBatcher(
  sizes: BatchSizes,
  timeOf = (items: number) => 10 + items,
  mayShare: (a: number, b: number) => boolean = () => true,
) {
  const clock = new VirtualClock();
  const runs: Run[] = [];
  let busy = 0;
  const batcher = new Batcher<number, number>({
    clock,
    sizes,
    lane: new Lane(),
    maxWaitMs,
    itemsAtOnce: () => itemsAtOnce,
    mayShare,
    workOf: ({ length }) => length,
    async run(items, signal) {
      busy += 1;
      const run: Run = { items, from: clock.now(), to: 0, wasAborted: false };
      runs.push(run);
      if (busy > 1) throw new Error('Two runs at once');
      await clock.sleep(timeOf(items.length));
      busy -= 1;
      run.to = clock.now();
      run.wasAborted = signal.aborted;
      signal.throwIfAborted();
      const bad = items.find((item) => item < 0);
      if (bad !== undefined) throw new RangeError(`bad ${String(bad)}`);
      return items.map((item) => 2 * item);
    },
  });
  return { batcher, clock, runs };
}

/** A caller that arrives at a time, and perhaps gives up at another. */
interface Caller {
  readonly items: readonly number[];
  readonly at: number;
  readonly leavesAt: number | null;
}

interface Ending {
  readonly at: number;
  readonly results?: readonly number[];
  readonly error?: unknown;
}

async function play({ batcher, clock }: ReturnType<typeof openBatcher>, callers: readonly Caller[]) {
  const endings: Ending[] = [];
  for (const [index, { items, at, leavesAt }] of callers.entries()) {
    const abort = new AbortController();
    void clock.sleep(at).then(async () => {
      try {
        const results = await batcher.call(items, abort.signal);
        endings[index] = { at: clock.now(), results };
      } catch (error) {
        endings[index] = { at: clock.now(), error };
      }
    });
    if (leavesAt !== null) {
      void clock.sleep(leavesAt).then(() => abort.abort(new AppError('task/cancelled', String(index))));
    }
  }
  await clock.run();
  return endings;
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomCallers(next: () => number): Caller[] {
  let item = 1;
  return Array.from({ length: 1 + Math.floor(next() * 14) }, () => {
    const at = Math.floor(next() * (next() < 0.5 ? 3 : 80));
    const isBad = next() < 0.05;
    return {
      items: Array.from({ length: 1 + Math.floor(next() ** 3 * 10) }, (_, place) =>
        isBad && place === 0 ? -item++ : item++,
      ),
      at,
      leavesAt: next() < 0.25 ? at + Math.floor(next() * 60) : null,
    };
  });
}

/** How long the model did nothing between two moments. */
const idleMs = (runs: readonly Run[], from: number, to: number): number =>
  runs.reduce((idle, run) => idle - Math.max(0, Math.min(to, run.to) - Math.max(from, run.from)), to - from);

/** What is wrong with how a caller fared, if anything. */
function complaint(
  { items, at, leavesAt }: Caller,
  index: number,
  ending: Ending | undefined,
  runs: readonly Run[],
) {
  if (!ending) return 'never ended';
  const own = runs.filter((run) => run.items.some((item) => items.includes(item)));
  const [first] = own;
  if (first && idleMs(runs, at, first.from) > maxWaitMs + 1e-9) return 'waited though the model was free';
  if (ending.error instanceof AppError && ending.error.code === 'task/cancelled') {
    return ending.error.message === String(index) && ending.at === leavesAt ? null : 'cancelled by another';
  }
  if (leavesAt !== null && leavesAt < ending.at) return 'its cancel was not heard';
  if (items.some((item) => item < 0)) {
    return ending.error instanceof RangeError && items.includes(Number(ending.error.message.slice(4)))
      ? null
      : 'not its own error';
  }
  return JSON.stringify(ending.results) === JSON.stringify(items.map((item) => 2 * item))
    ? null
    : 'not its own results';
}

describe('calls that share runs', () => {
  test('10,000 random schedules: each caller gets its own results, error and cancel, and never waits without need', async () => {
    const complaints: unknown[] = [];
    let shared = 0;
    for (let seed = 1; seed <= 10_000; seed++) {
      const next = random(seed);
      const callers = randomCallers(next);
      const desk = openBatcher(next() < 0.5 ? new BatchSizes() : learned([1, 2, 4, 8][seed % 4] ?? 1));
      const endings = await play(desk, callers);
      for (const [index, caller] of callers.entries()) {
        const wrong = complaint(caller, index, endings[index], desk.runs);
        if (wrong !== null) complaints.push({ seed, index, wrong, caller });
      }
      for (const run of desk.runs) {
        const inside = callers.filter(({ items }) => items.some((item) => run.items.includes(item)));
        if (inside.length > 1) shared += 1;
        if (inside.length > 1 && run.items.length > itemsAtOnce)
          complaints.push({ seed, wrong: 'too large' });
        const areGone = inside.every(({ leavesAt }) => leavesAt !== null && leavesAt < run.to);
        const isWanted = inside.some(({ leavesAt }) => leavesAt === null || leavesAt > run.to);
        if (isWanted && run.wasAborted) complaints.push({ seed, wrong: 'stopped for another' });
        if (areGone && !run.wasAborted) complaints.push({ seed, wrong: 'went on for nobody' });
      }
    }
    expect(complaints.slice(0, 5)).toEqual([]);
    expect(shared).toBeGreaterThan(5000);
  }, 120_000);

  test('calls of one moment run together where that pays, and at once where it does not', async () => {
    const callers = Array.from({ length: 8 }, (_, index) => ({ items: [index + 1], at: 0, leavesAt: null }));
    const paying = openBatcher(learned(8));
    await play(paying, callers);
    expect(paying.runs.map(({ items }) => items.length)).toEqual([8]);
    const alone = openBatcher(learned(1), (items) => 10 * items);
    await play(alone, callers);
    expect(alone.runs.map(({ items, from }) => [items.length, from])[0]).toEqual([1, 0]);
    expect(alone.runs).toHaveLength(8);
  });

  test('a call alone waits for others no longer than a small part of its own time', async () => {
    const desk = openBatcher(learned(8));
    await play(desk, [{ items: [1], at: 0, leavesAt: null }]);
    expect(desk.runs[0]?.from).toBeCloseTo(0.5);
  });

  test('what may not share runs apart, in its order', async () => {
    const desk = openBatcher(learned(8), undefined, (a, b) => a % 2 === b % 2);
    await play(
      desk,
      [1, 2, 3, 4].map((item) => ({ items: [item], at: 0, leavesAt: null })),
    );
    expect(desk.runs.map(({ items }) => items)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });
});

describe('the size that pays', () => {
  /** Sizes chosen for 200 runs of a device on which a run of n items takes so long; 64 items wait at any time. */
  function settle(timeOf: (items: number) => number, most = 16): number[] {
    const sizes = new BatchSizes();
    return Array.from({ length: 200 }, () => {
      const size = sizes.size(most, 64);
      sizes.note(size, size, timeOf(size));
      return size;
    }).slice(-60);
  }

  test('is one where more takes as much longer', () => {
    expect(new Set(settle((items) => 10 * items))).toEqual(new Set([1]));
  });

  test('is the largest where a device does many as fast as one', () => {
    expect(new Set(settle(() => 10))).toEqual(new Set([16]));
  });

  test('is where more stops to help', () => {
    expect(new Set(settle((items) => (items <= 4 ? 10 : 2.5 * items)))).toEqual(new Set([4]));
  });

  test('is found again when the device changes', () => {
    const sizes = new BatchSizes();
    let last = 0;
    for (let run = 0; run < 2000; run++) {
      last = sizes.size(8, 64);
      sizes.note(last, last, run < 500 ? 10 : 10 * last);
    }
    expect(last).toBe(1);
  });

  test('is not taken from runs whose results were remembered', () => {
    const sizes = learned(8);
    for (let run = 0; run < 20; run++) sizes.note(1, 1, 0.01);
    expect(sizes.size(8, 64)).toBe(8);
  });

  test('is tried only when as much waits anyway, and not again where there was no memory for it', () => {
    const sizes = new BatchSizes();
    for (let run = 0; run < 3; run++) sizes.note(1, 1, 10);
    expect([sizes.size(16, 1), sizes.size(16, 2), sizes.waitMs(16, maxWaitMs)]).toEqual([1, 2, 0]);
    sizes.refuse(5);
    for (let run = 0; run < 3; run++) sizes.note(2, 2, 10);
    expect(sizes.size(16, 64)).toBe(2);
  });
});

test('a plan takes the oldest and whoever fits beside it, and waits only while there is room', () => {
  const wish = { size: 4, waitMs: 5, now: 2, mayJoin: () => true };
  const calls = (...items: number[]) =>
    items.map((count, index) => ({ items: count, arrivedAt: index })) as unknown as Parameters<
      typeof planBatch
    >[0];
  expect(planBatch(calls(1, 2), wish)).toEqual({ kind: 'wait', until: 5 });
  expect(planBatch(calls(1, 2), { ...wish, now: 5 })).toEqual({ kind: 'run', places: [0, 1] });
  expect(planBatch(calls(3, 2, 1), wish)).toEqual({ kind: 'run', places: [0, 2] });
  expect(planBatch(calls(9, 1), wish)).toEqual({ kind: 'run', places: [0] });
});
