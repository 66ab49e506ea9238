import { setTimeout as delay } from 'node:timers/promises';
import { implement } from '@orpc/server';
import { AppError } from '#shared/errors/AppError.ts';
import { probeContract } from './probeContract.ts';

const probe = implement(probeContract);

export function createProbeRouter() {
  let cancelled = 0;
  return probe.router({
    echo: probe.echo.handler(({ input }) => input.text),
    fail: probe.fail.handler(({ input }) => {
      if (input.unexpected) throw new TypeError('a defect');
      throw new AppError('model/in-use', 'Somebody uses it', { details: { users: 2, names: ['a', 'b'] } });
    }),
    count: probe.count.handler(async function* ({ input, signal }) {
      for (let number = 1; number <= input.count; number += 1) {
        if (input.pauseMs > 0) await delay(input.pauseMs, undefined, { signal });
        yield number;
      }
      if (input.thenFail) throw new AppError('model/out-of-memory', 'No room', { details: { bytes: 5 } });
    }),
    wait: probe.wait.handler(async ({ signal }) => {
      await new Promise<void>((resolve) =>
        signal?.addEventListener('abort', () => resolve(), { once: true }),
      );
      cancelled += 1;
      throw signal?.reason;
    }),
    cancelled: probe.cancelled.handler(() => cancelled),
    die: probe.die.handler(async ({ input }) => {
      await delay(input.afterMs);
      process.kill(process.pid, input.signal);
      return delay(60_000, 'alive');
    }),
    block: probe.block.handler(({ input }) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, input.ms);
      return 'done';
    }),
    environment: probe.environment.handler(() => ({ ...process.env }) as Record<string, string>),
  });
}
