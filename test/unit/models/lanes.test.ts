import { expect, test } from 'vitest';
import { Changes } from '#models/manager/Changes.ts';
import { Lane } from '#models/runtime/Lane.ts';

const never = new AbortController().signal;

test('a lane lets one in at a time, in the order of arrival', async () => {
  const lane = new Lane();
  const order: string[] = [];
  const visit = async (name: string) => {
    const turn = await lane.enter(never);
    order.push(`${name} in`);
    await new Promise(setImmediate);
    order.push(`${name} out`);
    turn.leave();
  };
  await Promise.all([visit('a'), visit('b'), visit('c')]);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

test('one who gives up waiting does not hold up those behind', async () => {
  const lane = new Lane();
  const first = await lane.enter(never);
  const abort = new AbortController();
  const second = lane.enter(abort.signal);
  const third = lane.enter(never);
  abort.abort();
  await expect(second).rejects.toThrow();
  let thirdIn = false;
  void third.then(() => {
    thirdIn = true;
  });
  await new Promise(setImmediate);
  expect(thirdIn).toBe(false);
  first.leave();
  await expect(third).resolves.toBeDefined();
});

test('watchers see the present state first and miss no last change', async () => {
  const changes = new Changes();
  const abort = new AbortController();
  let value = 0;
  const seen: number[] = [];
  const watching = (async () => {
    for await (const _ of changes.watch(abort.signal)) {
      seen.push(value);
      if (value === 3) abort.abort();
    }
  })();
  await new Promise(setImmediate);
  for (value = 1; value < 3; value++) changes.notify();
  changes.notify();
  await watching;
  expect([seen[0], seen.at(-1)]).toEqual([0, 3]);
});
