import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TogetherEvent } from '#shared/models/ensemble.ts';
import { startEngine } from '../support/engine.ts';
import { fixtureFolder } from '../support/parity.ts';
import { picture } from '../support/pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'storyloom-together-'));
const path = join(folder, 'cave.png');
beforeAll(async () => {
  writeFileSync(path, await picture(64, 48).png().toBuffer());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of tiny models that see, one of each family. */
function modelsOf(...families: readonly string[]): string {
  const models = join(folder, `models-${families.join('-') || 'none'}`);
  for (const family of families) {
    cpSync(fixtureFolder(family), join(models, `tiny-${family}`), { recursive: true });
  }
  return models;
}

type Engine = Awaited<ReturnType<typeof startEngine>>;
let rasters = 0;

async function together(engine: Engine, signal?: AbortSignal, onEvent?: (event: TogetherEvent) => void) {
  const to = join(folder, `${String(rasters++)}.rgb`);
  const raster = await engine.imaging.raster({ path, to, shortSidePx: 448, maxPixels: 1_300_000 });
  const events: TogetherEvent[] = [];
  const stream = await engine.client.inference.describeTogether(
    { language: 'en', style: 'detailed', raster },
    signal ? { signal } : {},
  );
  for await (const event of stream) {
    events.push(event);
    onEvent?.(event);
  }
  const done = events.at(-1);
  if (done?.type !== 'done') throw new Error('no end');
  return { events, together: done.together };
}

const describes = (events: readonly TogetherEvent[]) => events.map(({ type }) => type);

test('every model that sees is asked, one after the other, and what each says is kept apart and put together', async () => {
  await using engine = await startEngine({ models: modelsOf('blip2-opt', 'llava', 'qwen2-vl') });
  const { events, together: all } = await together(engine);
  expect(describes(events)).toEqual(['asking', 'said', 'asking', 'said', 'asking', 'said', 'done']);
  expect(events[0]).toMatchObject({ modelId: 'tiny-blip2-opt', index: 0, count: 3 });
  const asked = events.flatMap((event) => (event.type === 'asking' ? [event.modelId] : []));
  expect(all.captions.map(({ answered }) => answered.modelId)).toEqual(asked);
  expect(new Set(asked).size).toBe(3);
  expect(all.failed).toEqual([]);
  for (const { answered, text } of all.captions) {
    expect(text).not.toBe('');
    expect(answered).toMatchObject({ device: 'cpu', precision: expect.any(String), tried: [], reasons: [] });
  }
  const claims = [...all.agreed, ...all.single, ...all.disputed.flatMap((dispute) => dispute.claims)];
  expect(claims.flatMap(({ modelIds }) => modelIds).every((id) => asked.includes(id))).toBe(true);
  expect(claims.length).toBeGreaterThan(0);
});

test('under a budget that holds one of them each is loaded in its turn', async () => {
  const models = modelsOf('blip2-opt', 'llava');
  await using engine = await startEngine({ models });
  const sizes = (await engine.client.models.list())
    .filter(({ status }) => status.state === 'installed')
    .map(({ variants }) => Math.max(...variants.map(({ fit }) => fit.neededBytes)));
  expect(sizes).toHaveLength(2);
  await engine.client.models.limit({ budgetBytes: Math.max(...sizes) + 1000, idleMinutes: 5 });
  const { together: all } = await together(engine);
  expect(all.captions).toHaveLength(2);
  const loaded = (await engine.client.models.list()).filter(({ status }) => status.state === 'loaded');
  expect(loaded).toHaveLength(1);
});

test('one model alone is enough: all it says is its own', async () => {
  await using engine = await startEngine({ models: modelsOf('llava') });
  const { together: all } = await together(engine);
  expect(all.captions).toHaveLength(1);
  expect([all.agreed, all.disputed]).toEqual([[], []]);
  expect(all.single.every(({ modelIds }) => modelIds.join() === 'tiny-llava')).toBe(true);
});

test('a damaged model does not stop the others, and is told', async () => {
  const models = join(folder, 'models-damaged');
  for (const family of ['blip2-opt', 'llava']) {
    cpSync(fixtureFolder(family), join(models, `tiny-${family}`), { recursive: true });
  }
  await using engine = await startEngine({ models });
  await engine.client.models.list();
  rmSync(join(models, 'tiny-blip2-opt', 'tokenizer.json'));
  const { events, together: all } = await together(engine);
  expect(describes(events)).toEqual(['asking', 'failed', 'asking', 'said', 'done']);
  expect(all.failed).toMatchObject([{ modelId: 'tiny-blip2-opt', code: expect.stringMatching(/^model\//) }]);
  expect(all.captions).toHaveLength(1);
});

test('without a model that sees it says what to install; a cancel ends it', async () => {
  const none = mkdtempSync(join(folder, 'none-'));
  await using empty = await startEngine({ models: none });
  await expect(together(empty)).rejects.toMatchObject({ code: 'task/no-route' });
  await using engine = await startEngine({ models: modelsOf('blip2-opt', 'llava') });
  const abort = new AbortController();
  const seen: string[] = [];
  const running = together(engine, abort.signal, ({ type }) => {
    seen.push(type);
    if (type === 'said') abort.abort();
  });
  await expect(running).rejects.toMatchObject({ code: 'task/cancelled' });
  expect(seen.filter((type) => type === 'said')).toHaveLength(1);
});
