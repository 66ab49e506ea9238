import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, list } from 'tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters } from '#models/adapters/registry.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry, PackEvent } from '#shared/models/modelState.ts';
import { installedModels } from '../support/models.ts';
import { fixtureFolder } from '../support/parity.ts';

const never = new AbortController().signal;
const tiny = ModelId.parse('tiny-llava');
const minilm = ModelId.parse('minilm-l6');
let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storyloom-packs-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function machine() {
  const folder = join(root, String(count++));
  await mkdir(folder);
  const open = () =>
    ModelManager.open({ catalog, adapters, store: new ModelStore(folder), budgetBytes: 2 ** 32 });
  return { folder, open };
}

const stateOf = (manager: ModelManager, id: ModelId) =>
  manager.list().find(({ manifest }) => manifest.id === id)?.status.state;

/** Follows a pack to its end. */
async function packed(events: AsyncIterable<PackEvent>): Promise<ModelEntry> {
  for await (const event of events) if (event.type === 'done') return event.entry;
  throw new Error('ended early');
}

test.each([tiny, minilm])('%s goes to another machine in one file, and works there', async (id) => {
  const here = await machine();
  const from = id === tiny ? fixtureFolder('llava') : join(await installedModels(), id);
  await cp(from, join(here.folder, id), { recursive: true });
  await using sender = await here.open();
  const file = join(root, `${id}.tar`);
  await packed(sender.exportPack(id, { path: file }, never));

  await using receiver = await (await machine()).open();
  expect(stateOf(receiver, id)).not.toBe('installed');
  expect((await packed(receiver.importPack(file, never))).status.state).toBe('installed');
  await receiver.load(id, never);
  expect(stateOf(receiver, id)).toBe('loaded');
  await expect(packed(receiver.importPack(file, never))).rejects.toMatchObject({ code: 'model/in-use' });
});

describe('writing a pack', () => {
  async function sender() {
    const here = await machine();
    await cp(fixtureFolder('llava'), join(here.folder, tiny), { recursive: true });
    const folder = join(root, `packs-${String(count++)}`);
    await mkdir(folder);
    return {
      manager: await here.open(),
      model: join(here.folder, tiny),
      folder,
      path: join(folder, 'a.tar'),
    };
  }

  test('tells how far it is, and what it wrote any tar can list', async () => {
    const { manager, path, folder } = await sender();
    const seen: number[] = [];
    for await (const event of manager.exportPack(tiny, { path }, never)) {
      if (event.type === 'progress') seen.push(event.doneBytes / Math.max(1, event.totalBytes));
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const names: string[] = [];
    await list({ file: path, strict: true, onReadEntry: (entry) => void names.push(entry.path) });
    expect(names[0]).toBe('model.json');
    expect(names.length).toBeGreaterThan(5);
    expect(await readdir(folder)).toEqual(['a.tar']);
  });

  test('cancelled, or left by whoever followed it, nothing of it stays', async () => {
    const { manager, path, folder } = await sender();
    const abort = new AbortController();
    const cancelled = (async () => {
      for await (const event of manager.exportPack(tiny, { path }, abort.signal)) {
        if (event.type === 'progress' && event.doneBytes > 0) abort.abort();
      }
    })();
    await expect(cancelled).rejects.toMatchObject({ code: 'task/cancelled' });
    for await (const event of manager.exportPack(tiny, { path }, never)) {
      if (event.type === 'progress' && event.doneBytes > 0) break;
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file that is there is left alone, and gives way only to a whole pack', async () => {
    const { manager, path, model, folder } = await sender();
    await writeFile(path, 'my novel');
    await expect(packed(manager.exportPack(tiny, { path }, never))).rejects.toMatchObject({
      code: 'disk/exists',
    });
    const graph = join(model, 'decoder.fp32.onnx');
    const whole = await readFile(graph);
    await writeFile(graph, Buffer.concat([whole.subarray(0, -1), Buffer.from('?')]));
    await expect(packed(manager.exportPack(tiny, { path, replace: true }, never))).rejects.toMatchObject({
      code: 'model/damaged',
    });
    expect(await readFile(path, 'utf8')).toBe('my novel');
    expect(await readdir(folder)).toEqual(['a.tar']);
    await writeFile(graph, whole);
    await packed(manager.exportPack(tiny, { path, replace: true }, never));
    await using receiver = await (await machine()).open();
    expect((await packed(receiver.importPack(path, never))).manifest.id).toBe(tiny);
  });

  test('a receipt that is not JSON is a damaged model', async () => {
    const { model } = await sender();
    await writeFile(join(model, 'installed.json'), '{"id":');
    const store = new ModelStore(join(model, '..'));
    await expect(store.pack(model, join(root, 'never.tar'), {})).rejects.toMatchObject({
      code: 'model/damaged',
    });
  });
});

test('taking in a pack can be cancelled, and nothing of it stays', async () => {
  const file = await changedPack(async () => undefined);
  const there = await machine();
  await using manager = await there.open();
  const abort = new AbortController();
  const cancelled = (async () => {
    for await (const event of manager.importPack(file, abort.signal)) {
      if (event.type === 'progress' && event.doneBytes > 0) abort.abort();
    }
  })();
  await expect(cancelled).rejects.toMatchObject({ code: 'task/cancelled' });
  expect(await readdir(there.folder)).toEqual([]);
  expect((await packed(manager.importPack(file, never))).status.state).toBe('installed');
});

test('a model that is not there cannot be packed', async () => {
  await using manager = await (await machine()).open();
  const path = join(root, 'none.tar');
  await expect(packed(manager.exportPack(minilm, { path }, never))).rejects.toMatchObject({
    code: 'model/not-installed',
  });
});

/** A pack of the tiny model after `change` has been at its folder. */
async function changedPack(
  change: (folder: string) => Promise<void>,
  more: readonly string[] = [],
): Promise<string> {
  const folder = join(root, `changed-${String(count++)}`);
  await cp(fixtureFolder('llava'), folder, { recursive: true });
  await change(folder);
  const { files } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as { files: object };
  const file = `${folder}.tar`;
  await create({ file, cwd: folder, portable: true, preservePaths: true }, [
    'model.json',
    ...Object.keys(files),
    ...more,
  ]);
  return file;
}

const attacks: Readonly<Record<string, () => Promise<string>>> = {
  'a changed file': () => changedPack((folder) => writeFile(join(folder, 'config.json'), '{}')),
  'a file that nobody named': () =>
    changedPack((folder) => writeFile(join(folder, 'extra.bin'), 'x'), ['extra.bin']),
  'a pack that lacks files of its only version': async () => {
    const folder = join(root, `lacking-${String(count++)}`);
    await cp(fixtureFolder('llava'), folder, { recursive: true });
    const file = `${folder}.tar`;
    await create({ file, cwd: folder, portable: true }, ['model.json', 'config.json', 'decoder.fp32.onnx']);
    return file;
  },
  'a link': () => changedPack((folder) => symlink('/etc/passwd', join(folder, 'link')), ['link']),
  'a file that leads out': () =>
    changedPack((folder) => writeFile(join(folder, '..', 'out.bin'), 'x'), ['../out.bin']),
  'two files that differ in case alone': () =>
    changedPack((folder) => writeFile(join(folder, 'CONFIG.json'), '{}'), ['CONFIG.json']),
  'half of a pack': async () => {
    const whole = await readFile(await changedPack(async () => undefined));
    const file = join(root, `half-${String(count++)}.tar`);
    await writeFile(file, whole.subarray(0, whole.length / 2));
    return file;
  },
  'no pack at all': async () => {
    const file = join(root, `text-${String(count++)}.tar`);
    await writeFile(file, 'Once upon a time');
    return file;
  },
};

test.each(Object.keys(attacks))('%s is refused, and nothing of it stays', async (name) => {
  const file = await (attacks[name] as () => Promise<string>)();
  const there = await machine();
  await using manager = await there.open();
  await expect(packed(manager.importPack(file, never))).rejects.toMatchObject({ code: 'model/damaged' });
  expect(stateOf(manager, tiny)).toBeUndefined();
  expect(await readdir(there.folder)).toEqual([]);
});
