import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '#electron/links/connect.ts';
import { toHostArguments } from '#electron/links/hostPort.ts';
import { childEnvironment } from '#electron/services/supervisor/childEnvironment.ts';
import type { DeadlineOf } from '#electron/services/supervisor/deadlines.ts';
import { Supervisor } from '#electron/services/supervisor/Supervisor.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { writeReceipt } from '#models/manager/receipt.ts';
import { createRandom } from '#models/runtime/sampling.ts';
import type { EngineContract } from '#shared/contract/engine.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { writeEndlessModel } from '../support/endlessModel.ts';
import { installedModels } from '../support/models.ts';
import { caveScene, collect } from '../support/writing.ts';

/**
 * The real engine process, killed while it loads and writes, and given models that never answer.
 * `node test/soak/engineCrashes.ts [crashes] [endless models]`. Fails when a call neither ends nor fails, an error is not
 * one of ours, or the engine is not back within three seconds.
 */
const crashes = Number(process.argv[2] ?? 1000);
const endless = Number(process.argv[3] ?? 100);
const signals = ['SIGSEGV', 'SIGABRT', 'SIGTRAP', 'SIGKILL'] as const;
const backMs = 3000;
const hard = { deadlineMs: 1000, cancelGraceMs: 2000 };
const entry = join(import.meta.dirname, '../../electron/hosts/engineHost.ts');
const root = mkdtempSync(join(tmpdir(), 'storyloom-crashes-'));

const percentile = (times: readonly number[], share: number): number =>
  Math.round(times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0);

function supervise(builtInModelsFolder: string, deadlineOf: DeadlineOf) {
  const supervisor = new Supervisor({
    name: 'engine',
    deadlineOf,
    timeoutCode: 'engine/timeout',
    cancelGraceMs: hard.cancelGraceMs,
    policy: { backoffMs: [0], maxCrashes: Number.POSITIVE_INFINITY, windowMs: 1 },
    spawn: () =>
      spawnNodeChild(process.execPath, {
        entry,
        args: toHostArguments({
          dataFolder: join(root, 'data'),
          builtInModelsFolder,
          modelMemoryBytes: 2 ** 31,
          modelIdleMinutes: 10,
        }),
        env: childEnvironment(process.env, process.platform),
        onOutput: () => undefined,
      }),
  });
  const client = createClient<EngineContract>(supervisor.link);
  return { supervisor, client };
}

type Engine = ReturnType<typeof supervise>;

async function write({ client }: Engine, seed: number, signal?: AbortSignal): Promise<string> {
  const request = { context: caveScene, sampling: { seed, maxTokens: 40 } };
  try {
    await collect(await client.inference.write(request, signal ? { signal } : {}));
    return 'done';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : `untyped ${String(thrown)}`;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** A call that comes while the engine is ended on purpose fails like its neighbours; the next one is served. */
async function usable({ client }: Engine): Promise<void> {
  for (;;) {
    try {
      await client.models.list();
      return;
    } catch (thrown) {
      if (!(thrown instanceof AppError && thrown.retryable)) throw thrown;
    }
  }
}

async function crashAgainAndAgain(engine: Engine) {
  const random = createRandom(11);
  const outcomes: Record<string, number> = {};
  const backAfter: number[] = [];
  for (let crash = 0; crash < crashes; crash++) {
    await usable(engine);
    const writing = write(engine, crash);
    await delay(random() * 500);
    const { pid } = engine.supervisor;
    if (pid !== undefined) process.kill(pid, signals[crash % signals.length]);
    const outcome = await writing;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    backAfter.push(await timed(() => usable(engine)));
    if ((crash + 1) % 100 === 0) console.log(`${String(crash + 1)} crashes`, outcomes);
  }
  return { outcomes, backP50: percentile(backAfter, 0.5), backMax: percentile(backAfter, 1) };
}

async function endlessLoops(engine: Engine) {
  const outcomes: Record<string, number> = {};
  const cancelled: number[] = [];
  for (let round = 0; round < endless; round++) {
    const abort = new AbortController();
    let outcome: string;
    if (round % 2 === 0) outcome = await write(engine, round);
    else {
      await usable(engine);
      const writing = write(engine, round, abort.signal);
      await delay(400);
      abort.abort();
      outcome = await writing;
      cancelled.push(await timed(() => usable(engine)));
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return { outcomes, usableAfterCancelMax: percentile(cancelled, 1) };
}

try {
  const installed = await installedModels();
  const usual = supervise(installed, () => null);
  const crashed = await crashAgainAndAgain(usual);
  usual.supervisor.dispose();

  const manifest = catalog.find(({ id }) => id === 'stories15m');
  if (!manifest) throw new Error('no such model');
  const stuck = join(root, 'models', manifest.id);
  await mkdir(stuck, { recursive: true });
  await writeEndlessModel(stuck);
  await writeReceipt(manifest, stuck);
  await cp(join(installed, 'minilm-l6'), join(root, 'models', 'minilm-l6'), { recursive: true });
  const deadline = { firstMs: hard.deadlineMs, nextMs: hard.deadlineMs };
  const looping = supervise(join(root, 'models'), ([namespace]) =>
    namespace === 'inference' ? deadline : null,
  );
  const looped = await endlessLoops(looping);
  looping.supervisor.dispose();

  console.log({ crashes, ...crashed, endless, looped });
  const known = new Set(['done', 'engine/crashed', 'engine/timeout', 'task/cancelled']);
  const all = [...Object.keys(crashed.outcomes), ...Object.keys(looped.outcomes)];
  const ended = Object.keys(looped.outcomes).every((one) => one !== 'done');
  process.exitCode = all.every((one) => known.has(one)) && ended && crashed.backMax <= backMs ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
