import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapters } from '#models/adapters/registry.ts';
import { AnswerMemory } from '#models/cache/AnswerMemory.ts';
import { openCache } from '#models/cache/openCache.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { Routing } from '#shared/models/routing.ts';
import { installedModels } from '../support/models.ts';
import { caveScene, caveSceneZh, collect } from '../support/writing.ts';

/**
 * How much sooner an answer comes that was given before, beside the model that gives it, warm, in the same run; and what
 * the cache costs a question that is new. `node test/bench/cache.bench.ts`.
 */
const never = new AbortController().signal;
const routing = Routing.parse({});
const rounds = 15;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const folder = mkdtempSync(join(tmpdir(), 'storyloom-cache-bench-'));
try {
  const cache = openCache(folder);
  const store = new ModelStore(await installedModels());
  await using manager = await ModelManager.open({ catalog, adapters, store, budgetBytes: 2 ** 32 });
  const remembering = new TaskCoordinator(manager, { memory: new AnswerMemory(cache.answers, () => 'cpu') });
  const plain = new TaskCoordinator(manager);
  const table = [];
  for (const [name, context] of [
    ['a passage in English, stories15m', caveScene],
    ['a passage in Chinese, minimind2-small', caveSceneZh],
  ] as const) {
    for (const maxTokens of [16, 60]) {
      const write = (coordinator: TaskCoordinator, seed: number) =>
        collect(
          coordinator.write({ context, routing, sampling: { seed, maxTokens, minTokens: maxTokens } }, never),
        );
      await write(plain, 999);
      const [misses, bare, hits]: [number[], number[], number[]] = [[], [], []];
      for (let seed = 0; seed < rounds; seed++) {
        // In turns, so that all three see the same machine.
        bare.push(await timed(() => write(plain, seed)));
        misses.push(await timed(() => write(remembering, seed)));
        hits.push(await timed(() => write(remembering, seed)));
      }
      table.push({
        answer: name,
        tokens: maxTokens,
        'miss, ms': Number(median(misses).toFixed(1)),
        'hit, ms': Number(median(hits).toFixed(2)),
        'miss : hit': Math.round(median(misses) / median(hits)),
        'miss : without a cache': Number((median(misses) / median(bare)).toFixed(3)),
      });
    }
  }
  console.table(table);
  cache.close();

  const { vectors } = openCache(join(folder, 'vectors'));
  const encoder = { modelId: 'clip', revision: 'r', precision: 'q8' };
  const sizes = [];
  for (const count of [100, 1000, 10_000]) {
    const hashes = Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, '0'));
    const made = new Map(hashes.map((hash) => [hash, new Float32Array(512).fill(0.04)] as const));
    const putMs = await timed(async () => vectors.put('picture', encoder, made));
    const getMs = median(
      await Promise.all(
        Array.from({ length: 5 }, () => timed(async () => vectors.get('picture', encoder, hashes))),
      ),
    );
    sizes.push({
      vectors: count,
      'put, ms': Number(putMs.toFixed(1)),
      'get all, ms': Number(getMs.toFixed(1)),
      'get, µs a vector': Number(((getMs / count) * 1000).toFixed(1)),
    });
  }
  console.table(sizes);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
