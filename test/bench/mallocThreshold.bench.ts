import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createProcesses } from '#electron/services/supervisor/createProcesses.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import type { WriteContext } from '#shared/models/task.ts';
import { installedModels } from '../support/models.ts';
import { caveScene, caveSceneZh } from '../support/writing.ts';

/**
 * What the allocator's low threshold costs in writing and gives back in memory: engine processes that differ in nothing
 * but `MALLOC_MMAP_THRESHOLD_`, one round of each in turn. `npx node test/bench/mallocThreshold.bench.ts [rounds]`.
 */
const rounds = Number(process.argv[2] ?? 9);
const tokens = 200;
const hosts = join(import.meta.dirname, '../../electron/hosts');
const settings = { '128 KiB': '131072', '1 MiB': '1048576', 'as it is': null } as const;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const root = await mkdtemp(join(tmpdir(), 'storyloom-malloc-'));
const models = await installedModels();

function start(name: string, threshold: string | null) {
  const processes = createProcesses({
    userDataFolder: join(root, name.replaceAll(' ', '-')),
    builtInModelsFolder: models,
    modelMemoryBytes: () => 2 ** 32,
    entries: { engine: join(hosts, 'engineHost.ts'), imaging: join(hosts, 'imagingHost.ts') },
    spawn: (options) => {
      const { MALLOC_MMAP_THRESHOLD_: _, ...env } = options.env;
      return spawnNodeChild(process.execPath, {
        ...options,
        env: threshold === null ? env : { ...env, MALLOC_MMAP_THRESHOLD_: threshold },
      });
    },
  });
  return { name, processes, msPerToken: new Map<string, number[]>() };
}
type Engine = ReturnType<typeof start>;

async function write({ processes }: Engine, context: WriteContext): Promise<number> {
  const sampling = { seed: 1, minTokens: tokens, maxTokens: tokens };
  const stream = await processes.engine.client.inference.write({ context, sampling });
  let [firstAt, firstTokens, lastTokens] = [0, 0, 0];
  for await (const event of stream) {
    if (event.type !== 'text') continue;
    if (firstAt === 0) [firstAt, firstTokens] = [performance.now(), event.tokens];
    lastTokens = event.tokens;
  }
  return (performance.now() - firstAt) / (lastTokens - firstTokens);
}

async function residentMebibytes({ processes }: Engine): Promise<number> {
  const status = await readFile(`/proc/${String(processes.engine.pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const engines = Object.entries(settings).map(([name, threshold]) => start(name, threshold));
try {
  const contexts = { stories15m: caveScene, 'minimind2-small': caveSceneZh };
  for (const [model, context] of Object.entries(contexts)) {
    for (const engine of engines) await write(engine, context);
    for (let round = 0; round < rounds; round++) {
      const first = round % engines.length;
      for (const engine of [...engines.slice(first), ...engines.slice(0, first)]) {
        const times = engine.msPerToken.get(model) ?? [];
        times.push(await write(engine, context));
        engine.msPerToken.set(model, times);
      }
    }
  }
  const usual = engines.at(-1);
  for (const engine of engines) {
    const loaded = await residentMebibytes(engine);
    const { client } = engine.processes.engine;
    for (const model of Object.keys(contexts)) await client.models.unload({ modelId: model });
    await delay(1000);
    const unloaded = await residentMebibytes(engine);
    const speeds = Object.keys(contexts).map((model) => {
      const times = engine.msPerToken.get(model) ?? [];
      const ratios = times.map((time, round) => time / (usual?.msPerToken.get(model)?.[round] ?? time));
      return `${model} ${median(times).toFixed(2)} ms a token (${median(ratios).toFixed(3)} ×)`;
    });
    console.log(
      `${engine.name.padEnd(8)} ${speeds.join(', ')}; resident ${loaded.toFixed(0)} MiB, ${unloaded.toFixed(0)} once unloaded`,
    );
  }
} finally {
  for (const { processes } of engines) processes.dispose();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}
