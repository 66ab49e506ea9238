import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BaseModel, type ModelAdapter } from '#models/adapters/adapter.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { fitVerdict, suggestVariant } from '#models/manager/fitVerdict.ts';
import { findModel } from '#models/manager/foundModel.ts';
import { ModelManager, type ModelManagerOptions } from '#models/manager/ModelManager.ts';
import { planWorking, stepBytes } from '#models/manager/workingMemory.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId, type ModelManifest, type ModelVariant, type Precision } from '#shared/models/manifest.ts';

const never = new AbortController().signal;
const variant = (
  precision: Precision,
  memoryBytes: number,
  more: Partial<ModelVariant> = {},
): ModelVariant => ({
  precision,
  files: [],
  diskBytes: 1,
  memoryBytes,
  cacheBytes: 0,
  workingBytes: 0,
  largestTensorBytes: null,
  estimated: false,
  ...more,
});
const roomy = { freeBytes: 1000, budgetBytes: 1000, largestAllocationBytes: 1000 };

test('a verdict comes with its sum', () => {
  expect(fitVerdict(variant('q4', 100, { cacheBytes: 20, workingBytes: 5 }), roomy)).toEqual({
    verdict: 'fits',
    lethal: false,
    reason: 'none',
    weightsBytes: 100,
    cacheBytes: 20,
    workingBytes: 5,
    neededBytes: 125,
    freeBytes: 1000,
    budgetBytes: 1000,
  });
});

test.each([
  [{ budgetBytes: 105 }, ['tight', 'near-budget', false]],
  [{ freeBytes: 120 }, ['tight', 'near-free-memory', false]],
  [{ budgetBytes: 99 }, ['too-big', 'over-budget', false]],
  [{ freeBytes: 99, budgetBytes: 99 }, ['too-big', 'over-free-memory', true]],
  [{ largestAllocationBytes: 50 }, ['too-big', 'tensor-too-large', true]],
] as const)('on a machine with %j it is %j', (machine, [verdict, reason, lethal]) => {
  expect(fitVerdict(variant('q4', 100, { largestTensorBytes: 60 }), { ...roomy, ...machine })).toMatchObject({
    verdict,
    reason,
    lethal,
  });
});

test('suggests the best variant that fits, else a tight one, else the smallest', () => {
  const variants = [variant('fp32', 800), variant('fp16', 400), variant('q4', 200)];
  const suggested = (budgetBytes: number) =>
    suggestVariant(variants, { ...roomy, freeBytes: 5000, budgetBytes });
  expect([2000, 850, 430, 210, 10].map(suggested)).toEqual(['fp32', 'fp16', 'q4', 'q4', 'q4']);
});

test('more room never makes a verdict worse', () => {
  const rank = { fits: 0, tight: 1, 'too-big': 2 } as const;
  const size = fc.nat(2000);
  fc.assert(
    fc.property(size, size, size, size, (needed, free, budget, more) => {
      const before = fitVerdict(variant('q4', needed), { ...roomy, freeBytes: free, budgetBytes: budget });
      const after = fitVerdict(variant('q4', needed), {
        ...roomy,
        freeBytes: free + more,
        budgetBytes: budget + more,
      });
      expect(rank[after.verdict]).toBeLessThanOrEqual(rank[before.verdict]);
    }),
  );
});

/** A manager over one installed built-in model with these variants; `fails` run out of memory while loading. */
async function manage(
  variants: ModelVariant[],
  options: Partial<ModelManagerOptions>,
  fails: readonly Precision[] = [],
) {
  const [base] = catalog;
  if (!base) throw new Error('the catalogue is empty');
  const tried: string[] = [];
  const adapter: ModelAdapter = {
    family: 'text',
    load: async ({ manifest, variant: one, devices = [] }) => {
      tried.push(`${one.precision} on ${devices.join(', ')}`);
      if (fails.includes(one.precision)) throw new AppError('model/out-of-memory', 'no room');
      return new (class extends BaseModel {
        readonly residentBytes = one.memoryBytes;
        async [Symbol.asyncDispose]() {}
      })(manifest);
    },
  };
  const id = ModelId.parse('several');
  const manifest: ModelManifest = { ...base, id, variants };
  const manager = await ModelManager.open({
    catalog: [manifest],
    adapters: new Map([['text', adapter]]),
    store: {
      find: async () => ({ folder: '/models', found: null }),
      damageOf: async () => null,
      discover: async () => [],
      register: () => Promise.reject(new AppError('input/invalid', '')),
      install: async () => undefined,
      remove: async () => undefined,
      pack: async () => undefined,
      unpack: () => Promise.reject(new Error('not asked')),
      sweep: async () => undefined,
    },
    budgetBytes: 1000,
    freeBytes: () => 5000,
    largestAllocationBytes: () => 5000,
    ...options,
  });
  return { manager, id, tried, load: (wish = {}) => manager.load(id, never, wish) };
}

test('what runs out of memory is tried on the processor, then in a smaller variant', async () => {
  const variants = [variant('fp32', 300), variant('fp16', 200), variant('q4', 100)];
  const { load, tried, manager } = await manage(variants, { devices: () => ['webgpu', 'cpu'] }, [
    'fp32',
    'fp16',
  ]);
  await load();
  expect(tried).toEqual(['fp32 on webgpu, cpu', 'fp32 on cpu', 'fp16 on cpu', 'q4 on cpu']);
  expect(manager.list()[0]?.status).toMatchObject({ state: 'loaded', precision: 'q4' });
});

test('loads over the budget when told to, never what could only end the process', async () => {
  const over = await manage([variant('fp32', 1500)], {});
  const tooBig = { code: 'model/out-of-memory', details: { lethal: false, reason: 'over-budget' } };
  await expect(over.load()).rejects.toMatchObject(tooBig);
  await over.load({ anyway: true });
  for (const [options, reason] of [
    [{ freeBytes: () => 1400 }, 'over-free-memory'],
    [{ largestAllocationBytes: () => 400 }, 'tensor-too-large'],
  ] as const) {
    const lethal = await manage([variant('fp32', 1500, { largestTensorBytes: 400 })], options);
    await expect(lethal.load({ anyway: true })).rejects.toMatchObject({
      code: 'model/out-of-memory',
      details: { lethal: true, reason },
    });
    expect(lethal.tried).toEqual([]);
  }
});

test('changes the variant of a model that nobody uses, not of one that is used', async () => {
  const { manager, id, load, tried } = await manage([variant('fp32', 300), variant('q4', 100)], {});
  await load();
  await load({ precision: 'q4' });
  expect(tried).toEqual(['fp32 on cpu', 'q4 on cpu']);
  using _lease = await manager.acquire(id, never);
  await expect(load({ precision: 'fp32' })).rejects.toMatchObject({ code: 'model/in-use' });
  await expect(load({ precision: 'q8' })).rejects.toMatchObject({ code: 'model/unknown' });
});

test('a smaller budget releases idle models at once', async () => {
  const { manager, load } = await manage([variant('fp32', 300)], {});
  await load();
  await manager.limit(200, 60_000);
  expect(manager.list()[0]?.status.state).toBe('installed');
});

/** What a ViT-B/32 says of itself. */
const vision = {
  hidden_size: 768,
  intermediate_size: 3072,
  num_attention_heads: 12,
  image_size: 224,
  patch_size: 32,
};
const text = {
  hidden_size: 512,
  intermediate_size: 2048,
  num_attention_heads: 8,
  max_position_embeddings: 77,
};

test('works out what a step takes: at least what was measured, at most twice that', () => {
  // onnxruntime's arena on ViT-B/32, one thread: 16 MiB more after 8 pictures.
  const measured = 16 * 2 ** 20;
  const working = planWorking({ vision_config: vision }, null, null);
  expect(working).toBeGreaterThan(measured);
  expect(working).toBeLessThan(2 * measured);
});

test('a step grows with the square of what it looks at, and the larger part decides', () => {
  const layers = { hidden: 64, inner: 256, heads: 1 };
  expect(stepBytes(layers, 20_000) / stepBytes(layers, 10_000)).toBeGreaterThan(3.8);
  const both = planWorking({ vision_config: vision, text_config: text }, null, null);
  expect(both).toBe(
    Math.max(
      planWorking({ vision_config: vision }, null, null),
      16 * stepBytes({ hidden: 512, inner: 2048, heads: 8 }, 77),
    ),
  );
  expect(planWorking('nonsense', null, null)).toBe(0);
  expect(
    planWorking({ text_config: text }, null, { vocabSize: 1, contextTokens: 4096, cacheBytes: 2e9 }),
  ).toBe(1e9);
});

test.each(['clip', 'siglip', 'chinese-clip', 'llava', 'blip2-opt', 'blip2-t5', 'qwen2-vl', 'qwen2.5-vl'])(
  'a %s folder that was dropped in is judged with its steps and its cache',
  async (name) => {
    const { variants } = await findModel(join(import.meta.dirname, '../../fixtures/parity', name));
    const [found] = variants;
    if (!found) throw new Error('no variant');
    expect(found.workingBytes).toBeGreaterThan(0);
    const { memoryBytes, cacheBytes, workingBytes } = found;
    const needed = memoryBytes + cacheBytes + workingBytes;
    const verdictAt = (freeBytes: number) =>
      fitVerdict(found, { freeBytes, budgetBytes: 1e12, largestAllocationBytes: 1e12 }).verdict;
    expect([verdictAt(needed - 1), verdictAt(2 * needed)]).toEqual(['too-big', 'fits']);
    expect(name.includes('clip') || name === 'siglip' ? cacheBytes : -cacheBytes).toBeLessThanOrEqual(0);
  },
);

test('keys and values of a model in memory count as held, though its context is not full yet', async () => {
  const said: number[] = [];
  const cached = [variant('fp32', 300, { cacheBytes: 500 })];
  const { load } = await manage(cached, { onHeld: ({ heldBytes }) => said.push(heldBytes) });
  await load();
  await expect.poll(() => said.at(-1)).toBe(800);
});
