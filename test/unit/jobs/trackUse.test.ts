import { expect, test } from 'vitest';
import { trackUse } from '#electron/services/studio/jobs/trackUse.ts';

test('a service is busy while a call or a stream of it lasts, however it ends', async () => {
  const gate = Promise.withResolvers<string>();
  const use = trackUse({
    name: 'tasks',
    ask: (question: string) => gate.promise.then((answer) => `${question} ${answer}`),
    async *write(count: number) {
      for (let index = 0; index < count; index++) yield index;
      return 'end';
    },
  });
  let freed = 0;
  use.onFree(() => {
    freed += 1;
  });
  expect([use.service.name, use.isBusy]).toEqual(['tasks', false]);

  const answer = use.service.ask('why?');
  const unread = use.service.write(3);
  expect(use.isBusy).toBe(true);
  gate.resolve('because');
  expect(await answer).toBe('why? because');
  expect([use.isBusy, freed]).toEqual([false, 1]);
  await unread.return('end');
  expect(use.isBusy).toBe(false);

  const seen: number[] = [];
  for await (const number of use.service.write(3)) {
    seen.push(number);
    expect(use.isBusy).toBe(true);
    if (number === 1) break;
  }
  expect([seen, use.isBusy, freed]).toEqual([[0, 1], false, 2]);

  const failing = trackUse({ ask: () => Promise.reject(new Error('no')) });
  await expect(failing.service.ask()).rejects.toThrow('no');
  expect(failing.isBusy).toBe(false);
});
