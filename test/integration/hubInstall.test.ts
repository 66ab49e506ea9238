import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BaseModel, type ModelAdapter } from '#models/adapters/adapter.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { readModelFolder } from '#models/runtime/modelFolder.ts';
import { ModelId } from '#shared/models/manifest.ts';

const commit = '4c1807b705b1d015fb032789cc4d221b23025a6f';
const id = ModelId.parse('clip-vit-base-patch32');
const never = new AbortController().signal;

const files: Readonly<Record<string, Buffer>> = {
  'onnx/text_model.onnx': Buffer.alloc(40_000, 1),
  'onnx/vision_model.onnx': Buffer.alloc(60_000, 2),
  'onnx/text_model_quantized.onnx': Buffer.alloc(10_000, 3),
  'onnx/vision_model_quantized.onnx': Buffer.alloc(15_000, 4),
  'config.json': Buffer.from(JSON.stringify({ model_type: 'clip' })),
  'tokenizer.json': Buffer.from('{}'),
  'README.md': Buffer.from('not wanted'),
};

let root: string;
let server: Server;
let endpoint: string;
let asked: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storyloom-hub-'));
  asked = [];
  server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    const name = 'Xenova/clip-vit-base-patch32';
    if (url.startsWith(`/api/models/${name}/revision/`)) return response.end(JSON.stringify({ sha: commit }));
    if (url.startsWith(`/api/models/${name}/tree/`)) {
      return response.end(
        JSON.stringify(
          Object.entries(files).map(([path, bytes]) => ({
            type: 'file',
            path,
            size: bytes.length,
            oid: createHash('sha1')
              .update(`blob ${String(bytes.length)}\0`)
              .update(bytes)
              .digest('hex'),
            ...(path.endsWith('.onnx')
              ? { lfs: { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length } }
              : {}),
          })),
        ),
      );
    }
    const bytes = files[decodeURIComponent(url.split(`/resolve/${commit}/`)[1] ?? '')];
    response.statusCode = bytes ? 200 : 404;
    return response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

const adapter: ModelAdapter = {
  family: 'clip',
  load: async ({ manifest, variant }) =>
    new (class extends BaseModel {
      readonly residentBytes = variant.memoryBytes;
      async [Symbol.asyncDispose]() {}
    })(manifest),
};

test('fetches the files of one variant, then those of another beside it, and loads either', {
  timeout: 60_000,
}, async () => {
  await using manager = await ModelManager.open({
    catalog,
    adapters: new Map([['clip', adapter]]),
    store: new ModelStore(root, null, { endpoint, pace: 0.01 }),
    budgetBytes: 4e9,
  });
  const install = async (precision: 'q8' | 'fp32') => {
    const seen: string[] = [];
    for await (const { status } of manager.install(id, never, precision)) {
      if (status.state === 'installing')
        seen.push(`${status.phase} ${String(status.receivedBytes)}/${String(status.totalBytes)}`);
    }
    return seen;
  };
  const installed = () => {
    const entry = manager.list().find(({ manifest }) => manifest.id === id);
    return [entry?.status.state, entry?.variants.filter((one) => one.installed).map((one) => one.precision)];
  };
  expect(await install('q8')).toContain('download 25023/25023');
  expect(installed()).toEqual(['installed', ['q8']]);
  expect(await readdir(root)).toEqual([id]);
  expect(asked.some((url) => url.includes('README') || url.endsWith('text_model.onnx'))).toBe(false);
  await manager.load(id, never, { precision: 'q8' });
  await manager.unload(id);

  await install('fp32');
  expect(installed()).toEqual(['installed', ['fp32', 'q8']]);
  expect(await readdir(root)).toEqual([id]);
  const description = await readModelFolder(join(root, id));
  expect(description).toMatchObject({ revision: commit, repository: 'Xenova/clip-vit-base-patch32' });
  await manager.load(id, never, { precision: 'fp32' });
  expect(manager.list().find(({ manifest }) => manifest.id === id)?.status).toMatchObject({
    state: 'loaded',
    precision: 'fp32',
  });
  await manager.unload(id);
  await expect(manager.load(id, never, { precision: 'fp16' })).rejects.toMatchObject({
    code: 'model/not-installed',
  });
  await manager.uninstall(id);
  expect(installed()).toEqual(['absent', []]);
});

test('a description that cannot be read is a damaged model, and installing repairs it', async () => {
  const hub = { endpoint, pace: 0.01 };
  await using manager = await ModelManager.open({
    catalog,
    adapters: new Map([['clip', adapter]]),
    store: new ModelStore(root, null, hub),
    budgetBytes: 4e9,
  });
  const status = () => manager.list().find(({ manifest }) => manifest.id === id)?.status;
  const install = async () => {
    for await (const _ of manager.install(id, never, 'q8')) {
      // Until it is there.
    }
  };
  await install();
  await writeFile(join(root, id, 'model.json'), '{"layout":');
  await manager.rescan();
  expect(status()).toMatchObject({ state: 'failed', code: 'model/damaged', installed: false });
  await install();
  expect(status()).toEqual({ state: 'installed' });
});

test('the token is asked for at every installation, and no mirror is told it', async () => {
  let asked = 0;
  const token = async () => {
    asked += 1;
    return 'hf_secretsecret';
  };
  const manifest = catalog.find((one) => one.id === id);
  if (!manifest) throw new Error('not in the catalogue');
  const seen: (string | undefined)[] = [];
  server.prependListener('request', ({ headers }) => seen.push(headers.authorization));
  await new ModelStore(root, null, { endpoint, token, pace: 0.01 }).install(
    manifest,
    'q8',
    () => undefined,
    never,
  );
  expect(asked).toBe(1);
  expect(seen.length).toBeGreaterThan(4);
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

test('a repository without the files is a failed download, and nothing counts as installed', async () => {
  const store = new ModelStore(root, null, { endpoint, pace: 0.01 });
  const manifest = catalog.find((one) => one.id === id);
  if (!manifest) throw new Error('not in the catalogue');
  await expect(store.install(manifest, 'fp16', () => undefined, never)).rejects.toMatchObject({
    code: 'download/failed',
    details: { path: 'onnx/text_model_fp16.onnx' },
  });
  expect(await store.find(manifest)).toBeNull();
});
