import { expect, test, vi } from 'vitest';
import { BaseModel, type ModelAdapter } from '#models/adapters/adapter.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { ModelManager, type ModelManagerOptions } from '#models/manager/ModelManager.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId, type ModelManifest, type ModelVariant } from '#shared/models/manifest.ts';

const never = new AbortController().signal;
const id = (name: string) => ModelId.parse(`model-${name}`);
const base = catalog[0] as ModelManifest;

/** A manager over models that only note what happens to them. */
async function setUp(
  sizes: Readonly<Record<string, number>>,
  options: Partial<ModelManagerOptions> & { budgetBytes: number },
) {
  const events: string[] = [];
  const failing = new Set<string>();
  const gates: (() => void)[] = [];
  let gated = false;
  class Noted extends BaseModel {
    readonly residentBytes: number;
    readonly #name: string;
    constructor(manifest: ModelManifest, { memoryBytes }: ModelVariant) {
      super(manifest);
      this.residentBytes = memoryBytes;
      this.#name = manifest.id.slice('model-'.length);
    }
    async [Symbol.asyncDispose]() {
      events.push(`free ${this.#name}`);
    }
  }
  const adapter: ModelAdapter = {
    family: 'text',
    async load({ manifest, variant }) {
      const name = manifest.id.slice('model-'.length);
      events.push(`load ${name}`);
      if (gated) await new Promise<void>((resolve) => gates.push(resolve));
      if (failing.has(name)) throw new AppError('model/load-failed', 'broken');
      return new Noted(manifest, variant);
    },
  };
  const installed = new Set(Object.keys(sizes).map((name) => id(name)));
  const manager = await ModelManager.open({
    catalog: Object.entries(sizes).map(([name, memoryBytes]) => ({
      ...base,
      id: id(name),
      variants: base.variants.map((variant) => ({ ...variant, memoryBytes })),
    })),
    adapters: new Map([['text', adapter]]),
    store: {
      find: async ({ id: name }) => (installed.has(name) ? { folder: name, found: null } : null),
      damageOf: async () => null,
      discover: async () => [],
      register: async (path) => {
        throw new AppError('model/not-installed', path);
      },
      install: async (manifest, _precision, onProgress, signal) => {
        events.push(`install ${manifest.id}`);
        onProgress({
          phase: 'download',
          progress: 0.5,
          receivedBytes: 1,
          totalBytes: 2,
          bytesPerSecond: null,
          remainingSeconds: null,
        });
        await new Promise((resolve, reject) => {
          setTimeout(resolve, 20);
          signal.addEventListener('abort', () => reject(new AppError('task/cancelled', 'Cancelled')));
        });
        installed.add(manifest.id);
      },
      remove: async (folder) => void installed.delete(ModelId.parse(folder)),
      pack: async () => undefined,
      unpack: () => Promise.reject(new Error('not asked')),
      sweep: async () => undefined,
    },
    ...options,
  });
  const use = async (name: string) => (await manager.acquire(id(name), never))[Symbol.dispose]();
  const stateOf = (name: string) =>
    manager.list().find(({ manifest }) => manifest.id === id(name))?.status.state;
  return { manager, events, failing, installed, use, stateOf, gates, gate: () => (gated = true) };
}

test('loads once for callers that arrive together', async () => {
  const { manager, events } = await setUp({ a: 1 }, { budgetBytes: 10 });
  await Promise.all([manager.acquire(id('a'), never), manager.acquire(id('a'), never)]);
  expect(events).toEqual(['load a']);
});

test('makes room by releasing the model used longest ago', async () => {
  const { events, use } = await setUp({ a: 4, b: 4, c: 4 }, { budgetBytes: 8 });
  for (const name of ['a', 'b', 'a', 'c']) await use(name);
  expect(events).toEqual(['load a', 'load b', 'free b', 'load c']);
});

test('never takes a model away from someone using it, nor a pinned one', async () => {
  const { manager, events, use } = await setUp({ a: 6, b: 6 }, { budgetBytes: 8 });
  const lease = await manager.acquire(id('a'), never);
  const tooBig = { code: 'model/out-of-memory', details: { neededBytes: 6, takenBytes: 6, budgetBytes: 8 } };
  await expect(use('b')).rejects.toMatchObject(tooBig);
  manager.pin(id('a'), true);
  lease[Symbol.dispose]();
  await expect(use('b')).rejects.toMatchObject(tooBig);
  manager.pin(id('a'), false);
  await use('b');
  expect(events).toEqual(['load a', 'free a', 'load b']);
});

test('one impatient caller does not spoil the load for the other', async () => {
  const { manager, events, gate, gates } = await setUp({ a: 1 }, { budgetBytes: 8 });
  gate();
  const impatient = new AbortController();
  const gaveUp = manager.acquire(id('a'), impatient.signal);
  const patient = manager.acquire(id('a'), never);
  await vi.waitFor(() => expect(gates).toHaveLength(1));
  impatient.abort();
  await expect(gaveUp).rejects.toThrow();
  gates[0]?.();
  await expect(patient).resolves.toBeDefined();
  expect(events).toEqual(['load a']);
});

test('a failed load is told, forgotten, and tried again', async () => {
  const { events, failing, use, stateOf } = await setUp({ a: 1 }, { budgetBytes: 8 });
  failing.add('a');
  await expect(use('a')).rejects.toMatchObject({ code: 'model/load-failed' });
  await new Promise(setImmediate);
  expect(stateOf('a')).toBe('failed');
  failing.clear();
  await use('a');
  expect({ events, state: stateOf('a') }).toEqual({ events: ['load a', 'load a'], state: 'loaded' });
});

test('does not unload a model that is in use, and frees it once it is not', async () => {
  const { manager, events } = await setUp({ a: 1 }, { budgetBytes: 8 });
  const lease = await manager.acquire(id('a'), never);
  await expect(manager.unload(id('a'))).rejects.toMatchObject({ code: 'model/in-use' });
  lease[Symbol.dispose]();
  lease[Symbol.dispose]();
  await manager.unload(id('a'));
  await manager.unload(id('a'));
  expect(events).toEqual(['load a', 'free a']);
});

test('frees a model that nobody used for a while, unless it is pinned', async () => {
  vi.useFakeTimers();
  try {
    const { manager, events, use } = await setUp({ a: 1, b: 1 }, { budgetBytes: 8, idleMs: 1000 });
    await use('a');
    await use('b');
    manager.pin(id('b'), true);
    await vi.advanceTimersByTimeAsync(1500);
    expect(events).toEqual(['load a', 'load b', 'free a']);
  } finally {
    vi.useRealTimers();
  }
});

test('two who install the same model share one installation', async () => {
  const { manager, events, installed, stateOf } = await setUp({ a: 1 }, { budgetBytes: 8 });
  await manager.uninstall(id('a'));
  installed.clear();
  const follow = async () => {
    const states: string[] = [];
    for await (const { status } of manager.install(id('a'), never)) states.push(status.state);
    return states;
  };
  const [first, second] = await Promise.all([follow(), follow()]);
  expect(events).toEqual(['install model-a']);
  expect([first.at(-1), second.at(-1), stateOf('a')]).toEqual(['installed', 'installed', 'installed']);
  expect(first).toContain('installing');
});

test('an installation goes on while somebody follows it, and is cancelled when nobody does', async () => {
  const { manager, installed, stateOf } = await setUp({ a: 1, b: 1 }, { budgetBytes: 8 });
  for (const name of ['a', 'b']) await manager.uninstall(id(name));
  const follow = async (name: string, signal: AbortSignal) => {
    for await (const _ of manager.install(id(name), signal));
  };
  const one = new AbortController();
  const leaving = follow('a', one.signal);
  const staying = follow('a', never);
  one.abort();
  await expect(leaving).rejects.toThrow();
  await staying;
  expect(stateOf('a')).toBe('installed');

  const only = new AbortController();
  const alone = follow('b', only.signal);
  only.abort();
  await expect(alone).rejects.toThrow();
  await vi.waitFor(() => expect(stateOf('b')).toBe('absent'));
  expect(installed.has(id('b'))).toBe(false);
});

test('finds models by what they can do, and refuses names it does not know', async () => {
  const { manager } = await setUp({ a: 1 }, { budgetBytes: 8 });
  expect(manager.withCapability('text_generation')).toHaveLength(1);
  expect(manager.withCapability('image_encoding')).toHaveLength(0);
  await expect(manager.acquire(id('zzz'), never)).rejects.toMatchObject({ code: 'model/unknown' });
});

test('a model without a call refuses it by its typed error', async () => {
  const { manager } = await setUp({ a: 1 }, { budgetBytes: 8 });
  using lease = await manager.acquire(id('a'), never);
  const refused = { code: 'model/unsupported-call' };
  const { model } = lease;
  expect(model.capabilities.image_encoding).toBe(false);
  await expect(model.encodeImage([], never)).rejects.toMatchObject(refused);
  await expect(model.encodeText([], never)).rejects.toMatchObject(refused);
  await expect(model.answerQuestion([], [], never)).rejects.toMatchObject(refused);
  await expect(model.similarity({ left: { texts: [] }, right: { texts: [] } }, never)).rejects.toMatchObject(
    refused,
  );
});

test('gives back on demand what nobody uses, and nothing else', async () => {
  const { manager, events, use } = await setUp({ a: 1, b: 1, c: 1 }, { budgetBytes: 8 });
  for (const name of ['a', 'b', 'c']) await use(name);
  manager.pin(id('c'), true);
  using _lease = await manager.acquire(id('b'), never);
  await manager.releaseIdle();
  expect(events).toEqual(['load a', 'load b', 'load c', 'free a']);
});

test('says what models may take before a load begins, while it lasts and once it is over', async () => {
  const held: string[] = [];
  const { manager, gate, gates, use } = await setUp(
    { a: 5 },
    {
      budgetBytes: 8,
      onHeld: ({ heldBytes, loadingBytes }) => held.push(`${String(heldBytes)} ${String(loadingBytes)}`),
    },
  );
  gate();
  held.splice(0);
  const using = use('a');
  await vi.waitFor(() => expect(gates).toHaveLength(1));
  expect(held.at(-1)).toBe('5 5');
  gates[0]?.();
  await using;
  await vi.waitFor(() => expect(held.at(-1)).toBe('5 0'));
  await manager.unload(id('a'));
  expect(held.at(-1)).toBe('0 0');
});
