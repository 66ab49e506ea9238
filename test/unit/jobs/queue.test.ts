import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '#shared/errors/AppError.ts';
import { describing, openJobDesk, said } from '../../support/jobDesk.ts';

const hangs = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
const countsOf = (desk: ReturnType<typeof openJobDesk>) => desk.store.list().map(({ counts }) => counts);
const ended = (desk: ReturnType<typeof openJobDesk>) => () =>
  desk.store.list().every(({ endedAt }) => endedAt !== null);

describe('jobs', () => {
  test('are done item by item; one that fails does not stop the rest, and can be retried', async () => {
    const broken = new Set(['b']);
    await using desk = openJobDesk({
      run: async (item) => {
        if (broken.has(item)) throw new AppError('image/not-found', `${item} is gone`);
        return said(`a picture of ${item}`);
      },
    });
    const id = desk.add(['a', 'b', 'c']);
    desk.openStory();
    await desk.until(ended(desk));
    expect(desk.store.items(id, 'all', 0, 10)).toMatchObject([
      { item: 'a', state: 'done', result: said('a picture of a') },
      { item: 'b', state: 'failed', attempts: 1, error: { code: 'image/not-found' }, result: null },
      { item: 'c', state: 'done', result: said('a picture of c') },
    ]);
    broken.clear();
    desk.store.retry(desk.store.seqOf(id));
    expect(desk.store.list()).toMatchObject([{ state: 'active', endedAt: null, counts: { waiting: 1 } }]);
    desk.runner.wake();
    await desk.until(ended(desk));
    expect(desk.store.list()).toMatchObject([
      { state: 'done', counts: { done: 3, failed: 0 }, proposals: 3 },
    ]);
  });

  test('what the writer looks at overtakes what waits', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    await using desk = openJobDesk({
      run: async (item) => {
        order.push(item);
        if (item === 'first') await gate.promise;
        return said(item);
      },
    });
    desk.add(['first', 'slow-1', 'slow-2'], 'background');
    desk.openStory();
    await desk.until(() => order.length === 1);
    desk.add(['asked']);
    desk.add(['seen'], 'screen');
    gate.resolve();
    await desk.until(ended(desk));
    expect(order).toEqual(['first', 'seen', 'asked', 'slow-1', 'slow-2']);
  });

  test('cancel reaches what runs; its result is not taken any more', async () => {
    const late = Promise.withResolvers<void>();
    let aborted = false;
    await using desk = openJobDesk({
      run: async (item, { signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          late.resolve();
        });
        await late.promise;
        return said(item);
      },
    });
    const id = desk.add(['a', 'b']);
    desk.openStory();
    const seq = desk.store.seqOf(id);
    await desk.until(() => desk.runner.runningOf(seq).size === 1);
    desk.store.cancel(seq);
    desk.runner.stop(seq);
    await desk.until(() => desk.runner.runningOf(seq).size === 0);
    expect(aborted).toBe(true);
    expect(desk.store.list()).toMatchObject([{ state: 'cancelled', counts: { cancelled: 2, done: 0 } }]);
  });

  test('a paused job begins nothing and goes on later', async () => {
    await using desk = openJobDesk({ run: async (item) => said(item) });
    const seq = desk.store.seqOf(desk.add(['a', 'b']));
    desk.store.pause(seq, null);
    desk.add(['c']);
    desk.openStory();
    await desk.until(() => countsOf(desk)[1]?.done === 1);
    expect(countsOf(desk)[0]).toMatchObject({ waiting: 2, done: 0 });
    desk.store.resume(seq);
    desk.runner.wake();
    await desk.until(ended(desk));
    expect(countsOf(desk)[0]).toMatchObject({ waiting: 0, done: 2 });
  });

  test('what may succeed later is tried again after a while; attempts are remembered', async () => {
    let now = 1000;
    let runs = 0;
    await using desk = openJobDesk({
      now: () => now,
      run: async (item) => {
        runs += 1;
        if (runs < 3) throw new AppError('model/load-failed', 'not yet');
        return said(item);
      },
    });
    const id = desk.add(['a']);
    desk.openStory();
    for (const [attempts, waitMs] of [
      [1, 2000],
      [2, 10_000],
    ] as const) {
      await desk.until(() => desk.store.items(id, 'all', 0, 1)[0]?.attempts === attempts);
      expect(desk.store.items(id, 'all', 0, 1)).toMatchObject([
        { state: 'waiting', notBefore: now + waitMs, error: { code: 'model/load-failed' } },
      ]);
      now += waitMs;
      desk.runner.wake();
    }
    await desk.until(ended(desk));
    expect(desk.store.items(id, 'all', 0, 1)).toMatchObject([{ state: 'done', attempts: 2, error: null }]);
  });

  test('an item in which the engine ended twice is given up; the others are done', async () => {
    let now = 1000;
    let deaths = 0;
    await using desk = openJobDesk({
      now: () => now,
      run: async (item) => {
        if (item !== 'poison') return said(item);
        deaths += 1;
        throw new AppError('engine/crashed', 'The engine ended');
      },
    });
    const id = desk.add(['a', 'poison', 'b']);
    desk.openStory();
    await desk.until(() => countsOf(desk)[0]?.done === 2);
    now += 60_000;
    desk.runner.wake();
    await desk.until(ended(desk));
    expect({ deaths, failed: desk.store.items(id, 'failed', 0, 9) }).toMatchObject({
      deaths: 2,
      failed: [{ item: 'poison', error: { code: 'engine/quarantined' }, deaths: 2 }],
    });
  });

  test('what every item would run into holds the job, with the reason, until it is released', async () => {
    let code: ErrorCode | null = 'engine/stopped';
    await using desk = openJobDesk({
      run: async (item) => {
        if (code !== null) throw new AppError(code, 'not now');
        return said(item);
      },
    });
    desk.add(['a', 'b']);
    desk.openStory();
    await desk.until(() => desk.store.list()[0]?.state === 'paused');
    expect(desk.store.list()).toMatchObject([
      { heldBy: 'engine/stopped', counts: { waiting: 2, failed: 0 } },
    ]);
    code = null;
    desk.store.release('imaging/stopped');
    expect(desk.store.list()).toMatchObject([{ state: 'paused' }]);
    desk.store.release('engine/stopped');
    desk.runner.wake();
    await desk.until(ended(desk));
    expect(countsOf(desk)).toMatchObject([{ done: 2 }]);
  });

  test('run only while their story is open, and go on with it', async () => {
    await using desk = openJobDesk({
      run: async (item) => {
        if (item === 'a') desk.closeStory();
        return said(item);
      },
    });
    const id = desk.add(['a', 'b']);
    desk.openStory();
    await desk.until(() => countsOf(desk)[0]?.done === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([countsOf(desk)[0]?.waiting, desk.runner.runningOf(desk.store.seqOf(id)).size]).toEqual([1, 0]);
    desk.openStory();
    await desk.until(ended(desk));
    expect(countsOf(desk)).toMatchObject([{ done: 2 }]);
  });

  test('survive the end of their process: what ran begins again, what was done stays done', async () => {
    const first = openJobDesk({
      run: async (item, { signal }) => (item === 'a' ? said(item) : hangs(signal)),
    });
    const id = first.add(['a', 'b']);
    first.openStory();
    await first.until(() => countsOf(first)[0]?.done === 1);
    await first.close();
    const ran: string[] = [];
    const again = openJobDesk({
      folder: first.folder,
      run: async (item) => {
        ran.push(item);
        return said(`${item} again`);
      },
    });
    expect(again.store.list()).toMatchObject([{ id, state: 'active', counts: { done: 1, waiting: 1 } }]);
    // The story of the first desk is another than that of the second one.
    again.runner.follow({ ...again.session, story: first.story });
    await again.until(ended(again));
    expect([ran, again.store.items(id, 'all', 0, 9).map(({ result }) => result)]).toEqual([
      ['b'],
      [said('a'), said('b again')],
    ]);
    await again.close();
    rmSync(first.folder, { recursive: true, force: true });
  });
});

test('what does not hear its abort does not keep the studio from closing; after the end nothing of it is kept', async () => {
  const late = Promise.withResolvers<void>();
  const desk = openJobDesk({
    run: async (item) => {
      await late.promise;
      return said(item);
    },
  });
  const id = desk.add(['a']);
  desk.openStory();
  await desk.until(() => desk.runner.runningOf(desk.store.seqOf(id)).size === 1);
  await desk.runner.close();
  late.resolve();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(desk.store.items(id, 'all', 0, 1)).toMatchObject([{ state: 'waiting' }]);
  await desk[Symbol.asyncDispose]();
});

describe('the queue on the disk', () => {
  const desk = (options = {}) => openJobDesk({ run: async (item) => said(item), ...options });

  test('keeps one result for an item, whoever comes second', async () => {
    await using one = desk();
    const id = one.add(['a']);
    const seq = one.store.seqOf(id);
    expect(one.store.finish(seq, 0, said('first'), 5)).toBe(true);
    expect(one.store.finish(seq, 0, said('second'), 5)).toBe(false);
    expect(
      one.store.fail(seq, 0, { error: new AppError('disk/full', '').toReport(), attempts: 1, deaths: 0 }),
    ).toBe(false);
    expect(one.store.items(id, 'all', 0, 1)).toMatchObject([{ state: 'done', result: said('first') }]);
  });

  test('a proposal is decided about once', async () => {
    await using one = desk();
    const id = one.add(['a', 'b']);
    one.store.finish(one.store.seqOf(id), 0, said('text'), 5);
    expect(one.store.items(id, 'proposals', 0, 9).map(({ item }) => item)).toEqual(['a']);
    expect(one.store.decide(id, ['a', 'b'], 'accepted')).toEqual(['a']);
    expect(one.store.decide(id, ['a'], 'dismissed')).toEqual([]);
    expect(one.store.items(id, 'proposals', 0, 9)).toEqual([]);
    expect(one.store.items(id, 'all', 0, 1)).toMatchObject([{ decision: 'accepted' }]);
  });

  test('is bounded in jobs and in items; what ended makes room', async () => {
    await using one = desk({ limits: { jobs: 2, items: 5 } });
    const full = expect.objectContaining({ code: 'jobs/full' }) as Error;
    one.add(['a', 'b', 'c']);
    expect(() => one.add(['d', 'e', 'f'])).toThrow(full);
    const second = one.add(['d', 'e']);
    one.store.cancel(one.store.seqOf(second));
    const third = one.add(['f']);
    expect(() => one.add(['g'])).toThrow(full);
    one.store.remove(one.store.seqOf(third));
    expect(() => one.store.seqOf(third)).toThrow(expect.objectContaining({ code: 'jobs/not-found' }));
    one.add(['g']);
    expect(one.store.list()).toHaveLength(3);
  });

  test('forgets old ended jobs when a new one comes', async () => {
    let now = 0;
    await using one = desk({ now: () => now });
    one.store.cancel(one.store.seqOf(one.add(['a'])));
    now = 31 * 24 * 3600 * 1000;
    const id = one.add(['b']);
    expect(one.store.list().map((job) => job.id)).toEqual([id]);
  });

  test('an order that this version does not know stays untouched', async () => {
    await using one = desk();
    one.add(['a'], 'asked', { order: { ...describing, kind: 'from-the-future' } as never });
    one.add(['b']);
    one.openStory();
    await one.until(() => countsOf(one)[1]?.done === 1);
    expect(countsOf(one)[0]).toMatchObject({ waiting: 1 });
  });
});
