import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClient, openLink } from '#electron/links/connect.ts';
import { fromMessagePort } from '#electron/links/messagePort.ts';
import { serve } from '#electron/links/serve.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ProbeContract } from '../support/probeContract.ts';
import { createProbeRouter } from '../support/probeRouter.ts';
import { overMessageChannel, overNodeChild, overWebSocket } from '../support/transports.ts';

const transports = {
  'a MessageChannel': () => overMessageChannel<ProbeContract>(createProbeRouter()),
  'a WebSocket': () => overWebSocket<ProbeContract>(createProbeRouter()),
  'a child process': () => overNodeChild<ProbeContract>(),
};

describe.each(Object.entries(transports))('calls over %s', (_name, start) => {
  test('answer, in any script and at any length', async () => {
    await using host = await start();
    const text = `水晶守护者 \u{1F409} \u2028 \ud800 ${'長'.repeat(300_000)}`;
    const answer = await host.client.echo({ text });
    expect(answer.slice(0, 20)).toBe(text.slice(0, 20));
    expect(answer).toHaveLength(text.length);
  });

  test('refuse input of the wrong shape before any handler runs', async () => {
    await using host = await start();
    await expect(host.client.echo({ text: 5 } as never)).rejects.toMatchObject({
      name: 'AppError',
      code: 'input/invalid',
    });
  });

  test('fail with the code and the details that the handler threw', async () => {
    await using host = await start();
    await expect(host.client.fail({ unexpected: false })).rejects.toMatchObject({
      name: 'AppError',
      code: 'model/in-use',
      details: { users: 2, names: ['a', 'b'] },
    });
  });

  test('tell the unexpected as such, without a stack', async () => {
    await using host = await start();
    const failure = await host.client.fail({ unexpected: true }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'internal/unexpected', message: 'a defect', details: {} });
  });

  test('stream in order and end', async () => {
    await using host = await start();
    const numbers: number[] = [];
    for await (const number of await host.client.count({ count: 500, pauseMs: 0, thenFail: false })) {
      numbers.push(number);
    }
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  test('carry an error thrown in the middle of a stream', async () => {
    await using host = await start();
    const numbers: number[] = [];
    const reading = (async () => {
      for await (const number of await host.client.count({ count: 3, pauseMs: 0, thenFail: true })) {
        numbers.push(number);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'model/out-of-memory', details: { bytes: 5 } });
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('are cancelled on both sides', async () => {
    await using host = await start();
    const abort = new AbortController();
    const waiting = host.client.wait(undefined, { signal: abort.signal });
    await host.client.echo({ text: 'the call above has arrived' });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'task/cancelled' });
    expect(await host.client.cancelled()).toBe(1);
  });

  test('stop streaming when the reader leaves', async () => {
    await using host = await start();
    for await (const number of await host.client.count({ count: 1_000_000, pauseMs: 1, thenFail: false })) {
      if (number === 3) break;
    }
    expect(await host.client.echo({ text: 'still here' })).toBe('still here');
  });

  test('a cancelled stream tells its reader', async () => {
    await using host = await start();
    const abort = new AbortController();
    const reading = (async () => {
      const numbers = await host.client.count(
        { count: 1_000_000, pauseMs: 5, thenFail: false },
        { signal: abort.signal },
      );
      for await (const number of numbers) if (number === 3) abort.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'task/cancelled' });
  });

  test('fail when the other side goes away: waiting ones, streaming ones, later ones', async () => {
    await using host = await start();
    const waiting = host.client.wait();
    const numbers = await host.client.count({ count: 1_000_000, pauseMs: 5, thenFail: false });
    await numbers.next();
    const unread = await host.client.count({ count: 2, pauseMs: 0, thenFail: false });
    const failures = [
      expect(waiting).rejects.toMatchObject({ code: 'host/disconnected' }),
      expect(
        (async () => {
          for await (const _ of numbers);
        })(),
      ).rejects.toMatchObject({ code: 'host/disconnected' }),
    ];
    await host.breakOff();
    await Promise.all(failures);
    await expect(host.client.echo({ text: 'anyone?' })).rejects.toMatchObject({ code: 'host/disconnected' });
    await expect(
      (async () => {
        for await (const _ of unread);
      })(),
    ).rejects.toMatchObject({ code: 'host/disconnected' });
  });
});

describe('a port that sends nonsense', () => {
  test('is not answered, harms nobody and can still be talked to', async () => {
    const { port1, port2 } = new MessageChannel();
    serve(createProbeRouter(), fromMessagePort(port1));
    const rejections: unknown[] = [];
    const noticed = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', noticed);
    // Ids that the client below will not use for its own call.
    const foreignId = fc.string().map((id) => `x${id}`);
    const message = fc.oneof(
      fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true }),
      fc.json(),
      fc
        .record({ i: foreignId, t: fc.integer({ min: -1, max: 9 }), p: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
      fc
        .record({
          i: foreignId,
          p: fc.record({
            u: fc.constantFrom('/echo', '/die', '/__proto__', 'http://[', ''),
            b: fc.jsonValue(),
          }),
        })
        .map((value) => JSON.stringify(value)),
    );
    for (const nonsense of fc.sample(message, 1_000)) {
      try {
        port2.postMessage(nonsense);
      } catch {
        // Not even a structured clone.
      }
    }
    port2.postMessage('x'.repeat(8 * 1024 * 1024 + 1));
    const link = openLink(fromMessagePort(port2), () => new AppError('host/disconnected', 'gone'));
    const client = createClient<ProbeContract>(link);
    expect(await client.echo({ text: 'still here' })).toBe('still here');
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', noticed);
    expect(rejections).toEqual([]);
    port1.close();
  });
});
