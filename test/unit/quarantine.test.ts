import { expect, test } from 'vitest';
import { engineJobKey, Quarantine } from '#electron/services/supervisor/Quarantine.ts';

test('blames only what was running, and lets go of what ended', () => {
  const quarantine = new Quarantine();
  const leave = quarantine.enter('short');
  quarantine.enter('long');
  leave();
  leave();
  quarantine.died();
  quarantine.died();
  expect([quarantine.holds('short'), quarantine.holds('long')]).toEqual([false, true]);
  quarantine.forget();
  expect(quarantine.holds('long')).toBe(false);
});

test('remembers a bounded number of jobs', () => {
  const quarantine = new Quarantine();
  for (let job = 0; job < 2000; job++) {
    const leave = quarantine.enter(String(job));
    quarantine.died();
    quarantine.died();
    leave();
  }
  expect([quarantine.holds('0'), quarantine.holds('1999')]).toEqual([false, true]);
});

test('the same call with the same input is the same job, whatever its seed; watching is no job', () => {
  const write = (seed: number, text: string) =>
    engineJobKey(['inference', 'write'], { context: { text }, sampling: { seed } });
  expect(write(1, 'a')).toBe(write(2, 'a'));
  expect(write(1, 'a')).not.toBe(write(1, 'b'));
  expect(engineJobKey(['models', 'load'], { modelId: 'x' })).not.toBeNull();
  expect(engineJobKey(['models', 'watch'], undefined)).toBeNull();
  expect(engineJobKey(['models', 'list'], undefined)).toBeNull();
});
