import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '#electron/links/connect.ts';
import { childEnvironment } from '#electron/services/supervisor/childEnvironment.ts';
import type { DeadlineOf } from '#electron/services/supervisor/deadlines.ts';
import { ProcessLog } from '#electron/services/supervisor/ProcessLog.ts';
import { ownMemoryBytes } from '#electron/services/supervisor/processMemory.ts';
import type { JobKeyOf } from '#electron/services/supervisor/Quarantine.ts';
import { Supervisor, type SupervisorOptions } from '#electron/services/supervisor/Supervisor.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ProbeContract } from '../support/probeContract.ts';

const entry = fileURLToPath(new URL('../support/probeHost.ts', import.meta.url));
const noDeadline: DeadlineOf = () => null;
const patient = { backoffMs: [0], maxCrashes: 1_000, windowMs: 60_000 };
const running: Supervisor[] = [];

function supervise(
  options: Partial<SupervisorOptions> = {},
  onOutput: (chunk: string) => void = () => undefined,
) {
  const supervisor = new Supervisor({
    name: 'engine',
    spawn: () =>
      spawnNodeChild(process.execPath, {
        entry,
        args: [],
        env: childEnvironment(process.env, process.platform),
        onOutput,
      }),
    deadlineOf: noDeadline,
    timeoutCode: 'engine/timeout',
    policy: patient,
    ...options,
  });
  running.push(supervisor);
  return { supervisor, client: createClient<ProbeContract>(supervisor.link) };
}

const codeOf = (thrown: unknown): string => AppError.from(thrown).code;
const reached = (supervisor: Supervisor, state: string): Promise<void> =>
  new Promise((resolve) => {
    if (supervisor.status.state === state) return resolve();
    const end = supervisor.subscribe((status) => {
      if (status.state !== state) return;
      end();
      resolve();
    });
  });

afterEach(() => {
  for (const supervisor of running.splice(0)) supervisor.dispose();
});

describe('a supervised process', () => {
  test('starts with the first call, which waits for it', async () => {
    const { supervisor, client } = supervise();
    expect(supervisor.pid).toBeUndefined();
    expect(await client.echo({ text: 'hello' })).toBe('hello');
    expect(supervisor.status).toEqual({ state: 'ready', reason: '' });
  });

  test('survives 100 crashes at random points: every call answers or fails typed, none hangs', async () => {
    const { client } = supervise();
    const signals = ['SIGSEGV', 'SIGKILL', 'SIGABRT'];
    const outcomes = new Map<string, number>();
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (let crash = 0; crash < 100; crash += 1) {
      const streaming = (async () => {
        let last = 0;
        const numbers = await client.count({ count: 1_000_000, pauseMs: 1, thenFail: false });
        for await (const number of numbers) {
          expect(number).toBe(last + 1);
          last = number;
        }
      })();
      const calls = [
        client.wait(),
        streaming,
        client.die({ signal: signals[crash % 3] ?? '', afterMs: crash % 7 }),
        client.echo({ text: 'quick' }),
      ];
      for (const result of await Promise.allSettled(calls)) {
        count(result.status === 'fulfilled' ? 'answered' : codeOf(result.reason));
      }
      expect(await client.echo({ text: 'alive again' })).toBe('alive again');
    }
    expect([...outcomes.keys()].sort()).toEqual(['answered', 'engine/crashed']);
    expect(outcomes.get('engine/crashed')).toBeGreaterThanOrEqual(300);
  });

  test('fails calls at once when it dies, and names the signal', async () => {
    const { client } = supervise();
    await client.echo({ text: 'started' });
    await expect(client.die({ signal: 'SIGSEGV', afterMs: 0 })).rejects.toMatchObject({
      code: 'engine/crashed',
      details: { reason: 'SIGSEGV' },
    });
  });

  test('a job that was there when it died twice is not let in again, others are; a restart forgets', async () => {
    const jobKeyOf: JobKeyOf = ([name = ''], input) => (name === 'die' ? JSON.stringify(input) : null);
    const { supervisor, client } = supervise({ jobKeyOf });
    const deadly = { signal: 'SIGSEGV', afterMs: 0 };
    for (let death = 0; death < 2; death += 1)
      await expect(client.die(deadly)).rejects.toMatchObject({ code: 'engine/crashed' });
    await expect(client.die(deadly)).rejects.toMatchObject({
      code: 'engine/quarantined',
      details: { call: 'die' },
    });
    expect(await client.echo({ text: 'others go on' })).toBe('others go on');
    const other = { signal: 'SIGSEGV', afterMs: 1 };
    await expect(client.die(other)).rejects.toMatchObject({ code: 'engine/crashed' });
    supervisor.restart();
    await expect(client.die(deadly)).rejects.toMatchObject({ code: 'engine/crashed' });
  });

  test('a cancelled call that had to be ended with the process is not blamed', async () => {
    const jobKeyOf: JobKeyOf = ([name = '']) => (name === 'block' ? name : null);
    const { supervisor, client } = supervise({ jobKeyOf, cancelGraceMs: 100 });
    for (let turn = 0; turn < 3; turn += 1) {
      await client.echo({ text: 'started' });
      const { pid } = supervisor;
      const abort = new AbortController();
      const blocked = client.block({ ms: 10_000 }, { signal: abort.signal });
      await expect(client.echo({ text: 'waits' }, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
      abort.abort();
      await expect(blocked).rejects.not.toMatchObject({ code: 'engine/quarantined' });
      // The next call must not find the process that is about to be ended.
      await expect.poll(() => supervisor.pid, { timeout: 60_000 }).not.toBe(pid);
    }
    expect(await client.block({ ms: 1 })).toBe('done');
  });

  test('stays down after the third crash in five minutes, says why, and starts again when asked to', async () => {
    const policy = { backoffMs: [0], maxCrashes: 3, windowMs: 300_000 };
    const { supervisor, client } = supervise({ policy });
    const states: string[] = [];
    supervisor.subscribe(({ state }) => states.push(state));
    for (let crash = 0; crash < 3; crash += 1) {
      await expect(client.die({ signal: 'SIGABRT', afterMs: 0 })).rejects.toMatchObject({
        code: 'engine/crashed',
      });
    }
    await reached(supervisor, 'stopped');
    expect(supervisor.status.reason).toBe('SIGABRT');
    await expect(client.echo({ text: 'anyone?' })).rejects.toMatchObject({
      code: 'engine/stopped',
      details: { reason: 'SIGABRT' },
    });
    supervisor.restart();
    expect(await client.echo({ text: 'back' })).toBe('back');
    const life = ['starting', 'ready', 'restarting'];
    expect(states).toEqual([...life, ...life, 'starting', 'ready', 'stopped', 'starting', 'ready']);
  });

  test('counts a program that cannot be started as crashed, and fails the calls that wait for it', async () => {
    const policy = { backoffMs: [0], maxCrashes: 3, windowMs: 300_000 };
    const { client } = supervise({
      policy,
      spawn: () =>
        spawnNodeChild('/nonexistent/node', { entry, args: [], env: {}, onOutput: () => undefined }),
    });
    await expect(client.echo({ text: 'anyone?' })).rejects.toMatchObject({ code: 'engine/stopped' });
  });

  test('is killed when it never gets ready', async () => {
    const policy = { backoffMs: [0], maxCrashes: 1, windowMs: 300_000 };
    const mute = fileURLToPath(new URL('../support/muteHost.ts', import.meta.url));
    const { client } = supervise({
      policy,
      startTimeoutMs: 500,
      spawn: () =>
        spawnNodeChild(process.execPath, { entry: mute, args: [], env: {}, onOutput: () => undefined }),
    });
    await expect(client.echo({ text: 'anyone?' })).rejects.toMatchObject({
      code: 'engine/stopped',
      details: { reason: 'It did not start in time' },
    });
  });

  test('is killed when a call is silent for too long; the call that waited says so, its neighbours crashed', async () => {
    const deadlineOf: DeadlineOf = ([procedure]) =>
      procedure === 'block' ? { firstMs: 300, nextMs: 0 } : null;
    const { supervisor, client } = supervise({ deadlineOf });
    await client.echo({ text: 'started' });
    const { pid } = supervisor;
    const neighbour = client.wait();
    const outcomes = await Promise.allSettled([client.block({ ms: 60_000 }), neighbour]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && codeOf(outcome.reason))).toEqual([
      'engine/timeout',
      'engine/crashed',
    ]);
    expect(await client.echo({ text: 'back' })).toBe('back');
    expect(supervisor.pid).not.toBe(pid);
  });

  test('is not killed while nobody waits for the next item of a stream', async () => {
    const deadlineOf: DeadlineOf = () => ({ firstMs: 400, nextMs: 400 });
    const { supervisor, client } = supervise({ deadlineOf });
    const numbers = await client.count({ count: 3, pauseMs: 1, thenFail: false });
    await numbers.next();
    const { pid } = supervisor;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await numbers.next()).toMatchObject({ value: 2 });
    expect(supervisor.pid).toBe(pid);
  });

  test('is killed when a stream stalls in the middle', async () => {
    const deadlineOf: DeadlineOf = () => ({ firstMs: 10_000, nextMs: 300 });
    const { client } = supervise({ deadlineOf });
    // More numbers than could be sent before the child blocks, however late that is.
    const numbers = await client.count({ count: 1_000_000_000, pauseMs: 1, thenFail: false });
    await numbers.next();
    void client.block({ ms: 60_000 }).catch(() => undefined);
    const reading = (async () => {
      for await (const _ of numbers);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'engine/timeout' });
  });

  test('is killed when it does not notice that a call was cancelled, without counting as a crash', async () => {
    const policy = { backoffMs: [0], maxCrashes: 1, windowMs: 300_000 };
    const { supervisor, client } = supervise({ policy, cancelGraceMs: 300 });
    await client.echo({ text: 'started' });
    const { pid } = supervisor;
    const abort = new AbortController();
    const blocked = client.block({ ms: 60_000 }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(blocked).rejects.toMatchObject({ code: 'task/cancelled' });
    await expect.poll(() => supervisor.pid, { timeout: 60_000 }).not.toBe(pid);
    expect(await client.echo({ text: 'back' })).toBe('back');
  });

  test('is left alone when a cancelled call ends properly', async () => {
    const { supervisor, client } = supervise({ cancelGraceMs: 200 });
    await client.echo({ text: 'started' });
    const { pid } = supervisor;
    const abort = new AbortController();
    const waiting = client.wait(undefined, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ code: 'task/cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(supervisor.pid).toBe(pid);
    expect(await client.cancelled()).toBe(1);
  });

  describe('whose memory is watched', () => {
    const mebibyte = 2 ** 20;
    const budgetBytes = 100 * mebibyte;
    const policy = { bareBytes: 200 * mebibyte, patienceMs: 300, reserveBytes: 0 };
    const watched = (freeBytes: () => number | null = () => null) =>
      supervise({
        memory: { budgetBytes: () => budgetBytes, policy, lookEveryMs: 50, freeBytes },
      });

    test('is asked for what nobody uses, and goes on when that is enough', async () => {
      const { supervisor, client } = watched();
      await client.take({ mebibytes: 50, idle: false });
      const { pid } = supervisor;
      await client.take({ mebibytes: 400, idle: true });
      expect(await ownMemoryBytes(pid ?? 0)).toBeGreaterThan(400 * mebibyte);
      await expect.poll(() => ownMemoryBytes(pid ?? 0), { timeout: 10_000 }).toBeLessThan(250 * mebibyte);
      await delay(700);
      expect(supervisor.pid).toBe(pid);
    });

    test('is ended when it keeps more than it may, and its calls say why', async () => {
      const { supervisor, client } = watched();
      await client.echo({ text: 'started' });
      const { pid } = supervisor;
      const waiting = client.wait();
      const startedAt = performance.now();
      client.take({ mebibytes: 500, idle: false }).catch(() => undefined);
      const thrown = await waiting.then(
        () => null,
        (error: unknown) => AppError.from(error),
      );
      expect(thrown).toMatchObject({
        code: 'engine/out-of-memory',
        details: { cause: 'budget', limitBytes: 310 * mebibyte, freeBytes: null },
      });
      expect(thrown?.details['usedBytes']).toBeGreaterThan(500 * mebibyte);
      expect(performance.now() - startedAt).toBeGreaterThan(2 * policy.patienceMs);
      expect(await client.echo({ text: 'back' })).toBe('back');
      expect(supervisor.pid).not.toBe(pid);
    });

    test('is left alone while it opens what it was let in with, however much that is', async () => {
      const { supervisor, client } = watched();
      await client.expect({ heldBytes: 300 * mebibyte, loadingBytes: 300 * mebibyte });
      const { pid } = supervisor;
      await client.take({ mebibytes: 600, idle: false });
      await delay(1500);
      expect(supervisor.pid).toBe(pid);
      // The load is over, and twice its weights is still there.
      await client.expect({ heldBytes: 300 * mebibyte, loadingBytes: 0 });
      await expect(client.wait()).rejects.toMatchObject({ code: 'engine/out-of-memory' });
    });

    test('is ended where the machine itself runs out, unless that would not help', async () => {
      let free = 10 * mebibyte;
      const { supervisor, client } = supervise({
        memory: {
          budgetBytes: () => 4096 * mebibyte,
          policy: { ...policy, reserveBytes: 100 * mebibyte },
          lookEveryMs: 50,
          freeBytes: () => free,
        },
      });
      await client.echo({ text: 'started' });
      const { pid } = supervisor;
      await delay(800);
      expect(supervisor.pid).toBe(pid);
      await expect(
        Promise.all([client.wait(), client.take({ mebibytes: 400, idle: false })]),
      ).rejects.toMatchObject({
        code: 'engine/out-of-memory',
        details: { cause: 'machine', freeBytes: free },
      });
      free = 4096 * mebibyte;
      expect(await client.take({ mebibytes: 400, idle: false })).toBe('taken');
      await delay(800);
      expect(await client.echo({ text: 'well' })).toBe('well');
    });
  });

  test('is told ten environment names at most, and no secret of its parent', async () => {
    process.env['STORYLOOM_CANARY_KEY'] = 'canary-c0ffee';
    const { client } = supervise();
    const environment = await client.environment();
    delete process.env['STORYLOOM_CANARY_KEY'];
    const names = Object.keys(environment).filter((name) => !name.startsWith('NODE_CHANNEL'));
    expect(names.length).toBeLessThanOrEqual(10);
    expect(JSON.stringify(environment)).not.toContain('canary');
    expect(environment).toMatchObject({ ORT_DISABLE_TELEMETRY: '1' });
  });

  test('leaves what it wrote to stderr in a log that does not grow without bound', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'storyloom-log-'));
    const log = new ProcessLog(join(folder, 'logs', 'engine.log'));
    const { client } = supervise({}, (chunk) => log.write(chunk));
    await expect(client.fail({ unexpected: true })).rejects.toMatchObject({ code: 'internal/unexpected' });
    await expect(client.die({ signal: 'SIGKILL', afterMs: 50 })).rejects.toMatchObject({
      code: 'engine/crashed',
    });
    await log.flush();
    expect(await readFile(join(folder, 'logs', 'engine.log'), 'utf8')).toContain('TypeError: a defect');
    for (let part = 0; part < 40; part += 1) {
      log.write('x'.repeat(100_000));
      await log.flush();
    }
    const sizes = await Promise.all(
      ['engine.log', 'engine.log.1'].map(async (name) => (await readFile(join(folder, 'logs', name))).length),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
    await rm(folder, { recursive: true });
  });
});
