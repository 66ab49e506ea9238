import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adapters } from '#models/adapters/registry.ts';
import { AnswerMemory } from '#models/cache/AnswerMemory.ts';
import { openCache } from '#models/cache/openCache.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import type { Run } from '#models/metrics/Run.ts';
import { Routing } from '#shared/models/routing.ts';
import { installedModels } from '../support/models.ts';
import { caveScene, collect } from '../support/writing.ts';

const never = new AbortController().signal;
const routing = Routing.parse({});
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storyloom-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The real models with a memory, as in the engine. */
async function start() {
  const cache = openCache(folder);
  const store = new ModelStore(await installedModels());
  const manager = await ModelManager.open({ catalog, adapters, store, budgetBytes: 2 ** 32 });
  const runs: Run[] = [];
  const coordinator = new TaskCoordinator(manager, {
    memory: new AnswerMemory(cache.answers, () => 'cpu'),
    runs: { begin: () => undefined, end: (run) => runs.push(run) },
  });
  return {
    cache,
    manager,
    runs,
    write: (sampling: { seed?: number; maxTokens?: number; temperature?: number }, context = caveScene) =>
      collect(coordinator.write({ context, routing, sampling }, never)),
    coordinator,
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]();
      cache.close();
    },
  };
}

const short = { seed: 5, maxTokens: 12 };

test('the same request with the same seed is answered from memory, also after a restart and without loading', async () => {
  let text = '';
  {
    await using first = await start();
    const asked = await first.write(short);
    text = asked.text;
    expect(asked.done?.answered.cached).toBe(false);
    const again = await first.write(short);
    expect(again.text).toBe(text);
    expect(again.done).toEqual({
      ...asked.done,
      answered: { ...asked.done?.answered, cached: true, reasons: again.done?.answered.reasons },
    });
    expect(again.events.find(({ type }) => type === 'prompt')).toEqual(
      asked.events.find(({ type }) => type === 'prompt'),
    );
  }
  await using second = await start();
  const later = await second.write(short);
  expect(later.text).toBe(text);
  expect(later.done?.answered).toMatchObject({ cached: true, modelId: 'stories15m' });
  expect(second.manager.list().filter(({ status }) => status.state === 'loaded')).toEqual([]);
  expect(second.runs.map(({ outcome }) => outcome)).toEqual(['cached']);
});

test('whatever may change the text asks the model again', async () => {
  await using engine = await start();
  await engine.write(short);
  const others = [
    engine.write({ ...short, seed: 6 }),
    engine.write({ ...short, maxTokens: 13 }),
    engine.write({ ...short, temperature: 0.5 }),
    engine.write(short, { ...caveScene, textBefore: 'It was dark. ' }),
    engine.write(short, { ...caveScene, templates: { 'continue.en': '{title}\n\n' } }),
  ];
  for (const { done } of await Promise.all(others)) expect(done?.answered.cached).toBe(false);
});

test('a text that nobody can have again is not remembered, nor one that was stopped', async () => {
  await using engine = await start();
  await engine.write({ maxTokens: 5 });
  await engine.write({ maxTokens: 5 });
  const abort = new AbortController();
  const long = { seed: 1, maxTokens: 3000, temperature: 1.5 };
  for await (const event of engine.coordinator.write(
    { context: caveScene, routing, sampling: long },
    abort.signal,
  ))
    if (event.type === 'text') abort.abort();
  expect(engine.cache.answers.summary().entries).toBe(0);
  expect(engine.runs.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'cancelled']);
  expect(engine.runs[0]?.tokens).toBeGreaterThan(0);
  expect(engine.runs[0]?.tokensPerSecond).toBeGreaterThan(0);
});

test('a reader who goes away counts as a cancel', async () => {
  await using engine = await start();
  const request = { context: caveScene, routing, sampling: { seed: 1, maxTokens: 50 } };
  for await (const event of engine.coordinator.write(request, never)) if (event.type === 'text') break;
  expect(engine.runs.map(({ outcome }) => outcome)).toEqual(['cancelled']);
});
