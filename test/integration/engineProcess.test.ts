import { expect, test } from 'vitest';
import { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { ImageId } from '#shared/story/ids.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';
import { caveScene, caveSceneZh, collect } from '../support/writing.ts';

const stories = ModelId.parse('stories15m');
const minimind = ModelId.parse('minimind2-small');
const imageId = (letter: string) => ImageId.parse(letter.repeat(64));

const stateOf = (entries: readonly ModelEntry[], id: string) =>
  entries.find(({ manifest }) => manifest.id === id)?.status.state;

test('writes English with the English model and Chinese with the Chinese one', async () => {
  await using engine = await startEngine({ models: await installedModels() });
  const request = (context: typeof caveScene) => ({
    context,
    sampling: { seed: 7, maxTokens: 60 },
  });
  const english = await collect(await engine.client.inference.write(request(caveScene)));
  const chinese = await collect(await engine.client.inference.write(request(caveSceneZh)));
  expect(english.events.map(({ type }) => type).slice(0, 3)).toEqual(['loading', 'prompt', 'text']);
  expect(english.done).toMatchObject({
    modelId: stories,
    seed: 7,
    answered: { modelId: stories, tried: [], cached: false, device: 'cpu' },
  });
  expect(chinese.done).toMatchObject({ modelId: minimind });
  expect(english.text).toMatch(/^[\p{Script=Latin}\p{N}\p{P}\s]{40,}$/u);
  const han = chinese.text.match(/\p{Script=Han}/gu)?.length ?? 0;
  expect(han / chinese.text.replace(/[\p{P}\s]/gu, '').length).toBeGreaterThan(0.95);
});

test('stops within one token of the cancel, and answers the next request at once', async () => {
  await using engine = await startEngine({ models: await installedModels() });
  const abort = new AbortController();
  const write = (seed: number, signal?: AbortSignal) =>
    engine.client.inference.write(
      { context: caveSceneZh, sampling: { seed, maxTokens: 4000, temperature: 1 } },
      signal ? { signal } : {},
    );
  let seen = 0;
  const reading = (async () => {
    for await (const event of await write(1, abort.signal)) {
      if (event.type !== 'text') continue;
      seen = event.tokens;
      abort.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'task/cancelled' });
  expect(seen).toBeLessThan(10);
  // One KV cache, one writer at a time: had the first one gone on, its 4,000 tokens would come before these.
  const again = await engine.client.inference.write({
    context: caveSceneZh,
    sampling: { seed: 2, maxTokens: 5 },
  });
  expect((await collect(again)).done).toMatchObject({ tokens: 5, finish: 'length' });
});

test('says what to install when no model can do the task', async () => {
  await using engine = await startEngine({ models: await installedModels() });
  await expect(
    engine.client.inference.answer({
      language: 'en',
      question: 'Who is this?',
      raster: { path: 'none.rgb', width: 1, height: 1 },
    }),
  ).rejects.toMatchObject({
    code: 'task/no-route',
    details: { capability: 'question_answering', install: ['blip2-opt-2.7b', 'llava-1.5-7b', 'qwen2-vl-2b'] },
  });
});

test('without models names those to install, and still finds pictures by shared words', async () => {
  await using engine = await startEngine({ models: '' });
  const write = async () =>
    collect(await engine.client.inference.write({ context: caveScene, sampling: {} }));
  await expect(write()).rejects.toMatchObject({
    code: 'task/no-route',
    details: { install: [stories, 'llava-1.5-7b', 'qwen2-vl-2b'] },
  });
  const { modelId, ranking } = await engine.client.inference.rank({
    passage: 'Elara carried her lantern into the cave.',
    language: 'en',
    topK: 5,
    candidates: [
      { imageId: imageId('a'), texts: [{ field: 'caption', text: 'A busy market' }] },
      { imageId: imageId('b'), texts: [{ field: 'caption', text: 'Lanterns in a cave' }] },
    ],
  });
  expect({ modelId, found: ranking.map((image) => image.imageId) }).toEqual({
    modelId: 'lexical-match',
    found: [imageId('b')],
  });
});

test('tells watchers when a model is loaded and unloaded', async () => {
  await using engine = await startEngine({ models: await installedModels() });
  const abort = new AbortController();
  const calls: Promise<unknown>[] = [];
  const states: (string | undefined)[] = [];
  const watching = (async () => {
    for await (const entries of await engine.client.models.watch(undefined, { signal: abort.signal })) {
      states.push(stateOf(entries, stories));
      if (states.length === 1) calls.push(engine.client.models.load({ modelId: stories }));
      if (states.at(-1) === 'loaded') calls.push(engine.client.models.unload({ modelId: stories }));
      if (states.includes('loaded') && states.at(-1) === 'installed') abort.abort();
    }
  })();
  await expect(watching).rejects.toMatchObject({ code: 'task/cancelled' });
  await Promise.all(calls);
  expect(states).toEqual(['installed', 'loading', 'loaded', 'installed']);
});
