import { setTimeout as delay } from 'node:timers/promises';
import { implement } from '@orpc/server';
import type { HostPort } from '#electron/links/hostPort.ts';
import { collectGarbage } from '#models/manager/collectGarbage.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { probeContract } from './probeContract.ts';

const probe = implement(probeContract);

export function createProbeRouter(pressure?: Pick<HostPort, 'tellHeld' | 'onRelease'>) {
  let cancelled = 0;
  const taken: { readonly bytes: Buffer; readonly idle: boolean }[] = [];
  pressure?.onRelease(() => {
    for (const one of taken.splice(0)) if (!one.idle) taken.push(one);
    collectGarbage();
  });
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
    take: probe.take.handler(({ input }) => {
      taken.push({ bytes: Buffer.alloc(input.mebibytes * 2 ** 20, 1), idle: input.idle });
      return 'taken';
    }),
    expect: probe.expect.handler(({ input }) => {
      pressure?.tellHeld(input);
      return 'told';
    }),
    environment: probe.environment.handler(() => ({ ...process.env }) as Record<string, string>),
  });
}
