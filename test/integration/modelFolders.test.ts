import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BaseModel, type ModelAdapter } from '#models/adapters/adapter.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { largestTensorBytes } from '#models/manager/largestTensor.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { readModelFolder } from '#models/runtime/modelFolder.ts';
import { ModelId } from '#shared/models/manifest.ts';
import { writeModelFolder } from '../support/modelFolders.ts';
import { installedModels } from '../support/models.ts';

const never = new AbortController().signal;
let root: string;
let models: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storyloom-folders-'));
  models = join(root, 'models');
  await mkdir(models);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Loads anything, and tells which folder and precision it was given. */
const loads: string[] = [];
const adapter: ModelAdapter = {
  family: 'clip',
  load: async ({ manifest, variant, folder }) => {
    loads.push(`${folder} ${variant.precision}`);
    return new (class extends BaseModel {
      readonly residentBytes = variant.memoryBytes;
      async [Symbol.asyncDispose]() {}
    })(manifest);
  },
};

const openManager = () =>
  ModelManager.open({
    catalog,
    adapters: new Map([['clip', adapter]]),
    store: new ModelStore(models),
    budgetBytes: 1e9,
  });

const entry = (manager: ModelManager, id: string) =>
  manager.list().find(({ manifest }) => manifest.id === id);

/** What another tool leaves behind: transformers.js's layout. */
async function writeForeignFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ model_type: 'clip', text_config: { max_position_embeddings: 64 } }),
  );
  await writeFile(join(folder, 'tokenizer.json'), '{}');
  for (const name of [
    'text_model.onnx',
    'vision_model.onnx',
    'text_model_quantized.onnx',
    'vision_model_quantized.onnx',
  ])
    await writeFile(join(folder, 'onnx', name), Buffer.alloc(name.length * 100, 1));
}

test('a model folder that is dropped in appears, loads, and goes when it is taken away', async () => {
  await using manager = await openManager();
  expect(entry(manager, 'my-clip')).toBeUndefined();
  await writeModelFolder(join(models, 'Dropped in'), 'my-clip');
  await manager.rescan();
  expect(entry(manager, 'my-clip')).toMatchObject({
    manifest: { source: { kind: 'folder' }, revision: 'abc' },
    status: { state: 'installed' },
    variants: [{ precision: 'fp32', installed: true, fit: { verdict: 'fits', weightsBytes: 5002 } }],
  });
  await manager.load(ModelId.parse('my-clip'), never);
  expect(loads.at(-1)).toBe(`${join(models, 'Dropped in')} fp32`);
  await manager.uninstall(ModelId.parse('my-clip'));
  expect([entry(manager, 'my-clip'), existsSync(join(models, 'Dropped in'))]).toEqual([undefined, false]);
});

test("a converted checkpoint of the catalogue takes the catalogue's place and words", async () => {
  await writeModelFolder(join(models, 'anything'), 'chinese-clip-vit-base-patch16', (good) => ({
    ...good,
    architecture: 'chinese-clip',
  }));
  await using manager = await openManager();
  expect(entry(manager, 'chinese-clip-vit-base-patch16')).toMatchObject({
    manifest: { name: { zh: '中文 CLIP B/16' }, source: { kind: 'export' }, variants: [{ diskBytes: 5002 }] },
    status: { state: 'installed' },
  });
});

test('a folder with a missing or short file is no installed model', async () => {
  await writeModelFolder(join(models, 'short'), 'short');
  await writeFile(join(models, 'short', 'vision_model.fp32.onnx'), 'cut');
  await using manager = await openManager();
  expect(entry(manager, 'short')).toBeUndefined();
  await expect(manager.register(join(models, 'short'))).rejects.toMatchObject({ code: 'model/damaged' });
});

test('a registered folder stays where it is, is known after a restart, and is forgotten untouched', async () => {
  const outside = join(root, 'elsewhere');
  await writeModelFolder(outside, 'mine');
  {
    await using manager = await openManager();
    expect((await manager.register(outside, 'clip')).status.state).toBe('installed');
    await expect(manager.register(outside, 'llava')).rejects.toMatchObject({ code: 'input/invalid' });
  }
  await using manager = await openManager();
  expect(entry(manager, 'mine')?.status.state).toBe('installed');
  await manager.uninstall(ModelId.parse('mine'));
  expect(entry(manager, 'mine')).toBeUndefined();
  expect(existsSync(join(outside, 'model.json'))).toBe(true);
});

test('a folder that another tool left is described and linked, and itself not touched', async () => {
  const foreign = join(root, 'Xenova clip');
  await writeForeignFolder(foreign);
  await using manager = await openManager();
  const { manifest, variants } = await manager.register(foreign);
  expect({ id: manifest.id, contextTokens: manifest.contextTokens, variants }).toMatchObject({
    id: 'xenova-clip',
    contextTokens: 64,
    variants: [
      { precision: 'fp32', installed: true },
      { precision: 'q8', installed: true },
    ],
  });
  const description = await readModelFolder(join(models, 'xenova-clip'));
  expect(description.variants.q8?.parts).toEqual({
    text_model: 'onnx/text_model_quantized.onnx',
    vision_model: 'onnx/vision_model_quantized.onnx',
  });
  const [ours, theirs] = await Promise.all(
    [join(models, 'xenova-clip'), foreign].map((folder) => stat(join(folder, 'onnx/text_model.onnx'))),
  );
  expect(ours?.ino).toBe(theirs?.ino);
  expect(existsSync(join(foreign, 'model.json'))).toBe(false);
});

test('what is neither a folder with a model nor a name of the catalogue is refused', async () => {
  await using manager = await openManager();
  await expect(manager.register('someone/something')).rejects.toMatchObject({ code: 'input/invalid' });
  await expect(manager.register(join(root, 'nothing'))).rejects.toMatchObject({ code: 'model/damaged' });
  expect((await manager.register('openai/clip-vit-large-patch14', 'clip')).manifest.id).toBe(
    'clip-vit-large-patch14',
  );
  expect((await manager.register('Qwen/Qwen-VL')).status).toEqual({
    state: 'absent',
    obstacle: 'no-export',
  });
});

test('the largest weight of a graph is read without reading its weights', async () => {
  const folder = join(await installedModels(), 'stories15m');
  expect(await largestTensorBytes(folder, ['model.onnx'])).toBe(32000 * 288);
  expect(await largestTensorBytes(folder, ['tokenizer.json'])).toBeNull();
});
