import { expect, test } from 'vitest';
import {
  BaseModel,
  type Finish,
  type GeneratedPiece,
  type GeneratedText,
  type GenerateRequest,
  type MultimodalModel,
} from '#models/adapters/adapter.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { LadderModel, type LadderOptions, type Rung } from '#models/manager/LadderModel.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelManifest, ModelVariant, Precision } from '#shared/models/manifest.ts';

const never = new AbortController().signal;
const base = catalog[0] as ModelManifest;
const manifest: ModelManifest = {
  ...base,
  capabilities: { ...base.capabilities, text_encoding: true, similarity_computation: true },
};
const variant = (precision: Precision, memoryBytes: number): ModelVariant => ({
  precision,
  files: [],
  diskBytes: 1,
  memoryBytes,
  cacheBytes: 0,
  workingBytes: 0,
  largestTensorBytes: null,
  estimated: false,
});
const noMemory = () => new AppError('model/out-of-memory', 'Failed to allocate memory');
const request = (prompt: string): GenerateRequest => ({
  images: [],
  prompt,
  names: [],
  keepTokens: 0,
  sampling: {
    temperature: 0,
    topK: 0,
    topP: 1,
    repetitionPenalty: 1,
    minTokens: 0,
    maxTokens: 1,
    stop: [],
    seed: 0,
  },
});

/** How much a model can hold, by the way it was opened: items at once, or a way in which it fails. */
type Room = (rung: Rung) => number | Error;

/** A model that computes as many items together as there is room for. */
function setUp(room: Room, options: Partial<LadderOptions> = {}) {
  const log: string[] = [];
  class Roomy extends BaseModel {
    readonly residentBytes = 1;
    override readonly itemsAtOnce = 8;
    readonly #rung: Rung;
    constructor(rung: Rung) {
      super(manifest, rung.device);
      this.#rung = rung;
    }
    #fit(what: string, items: number): void {
      const { device, precision } = this.#rung;
      log.push(`${what} ${String(items)} on ${device} ${precision}`);
      const most = room(this.#rung);
      if (most instanceof Error) throw most;
      if (items > most) throw noMemory();
    }
    override async encodeText(texts: readonly string[]): Promise<readonly Float32Array[]> {
      this.#fit('encode', texts.length);
      return texts.map((text) => Float32Array.of(text.length, 1));
    }
    override async generateBatch(requests: readonly GenerateRequest[]): Promise<readonly GeneratedText[]> {
      this.#fit('write', requests.length);
      return requests.map(({ prompt }) => ({
        text: `${prompt}!`,
        tokens: 1,
        ids: [1],
        finish: 'end' as const,
      }));
    }
    override async *generateText({ prompt }: GenerateRequest): AsyncGenerator<GeneratedPiece, Finish> {
      this.#fit('stream', 1);
      yield { text: prompt, tokens: 1 };
      this.#fit('go on', 1);
      return 'end';
    }
    async [Symbol.asyncDispose]() {
      log.push(`free ${this.#rung.device} ${this.#rung.precision}`);
    }
  }
  const open = (first: Rung) =>
    LadderModel.open(first, {
      installed: [variant('fp32', 8), variant('q4', 2)],
      open: async (rung): Promise<MultimodalModel> => new Roomy(rung),
      ...options,
    });
  return { log, open };
}
const texts = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg', 'h', 'ii', 'jjj'];
const encoded = texts.map((text) => Float32Array.of(text.length, 1));

test('halves what is computed together until there is room, keeps what was done, and answers as one by one', async () => {
  const { log, open } = setUp(() => 3);
  const model = await open({ device: 'cpu', precision: 'fp32' });
  expect(await model.encodeText(texts, never)).toEqual(encoded);
  expect(log.map((line) => line.split(' ')[1])).toEqual(['8', '4', '2', '2', '2', '2', '2']);
  const written = await model.generateBatch(texts.map(request), never);
  expect(written.map(({ text }) => text)).toEqual(texts.map((text) => `${text}!`));
});

test('does everything at once where there is room', async () => {
  const { log, open } = setUp(() => 100);
  const model = await open({ device: 'webgpu', precision: 'fp32' });
  expect(await model.encodeText(texts, never)).toEqual(encoded);
  expect(log).toEqual(['encode 8 on webgpu fp32', 'encode 2 on webgpu fp32']);
});

test('then takes the processor, then a smaller variant, and says why the device was left', async () => {
  const { log, open } = setUp(({ precision }) => (precision === 'q4' ? 8 : 0));
  const model = await open({ device: 'webgpu', precision: 'fp32' });
  expect(await model.encodeText(texts.slice(0, 2), never)).toEqual(encoded.slice(0, 2));
  expect(log).toEqual([
    'encode 2 on webgpu fp32',
    'encode 1 on webgpu fp32',
    'free webgpu fp32',
    'encode 1 on cpu fp32',
    'free cpu fp32',
    'encode 1 on cpu q4',
    'encode 1 on cpu q4',
  ]);
  expect(model.precision).toBe('q4');
  expect(model.placement).toEqual({ device: 'cpu', reason: 'webgpu: Failed to allocate memory' });
});

test('asks with a typed error where nothing smaller is left, and is still there for smaller requests', async () => {
  let most = 0;
  const { open } = setUp(() => most);
  const model = await open({ device: 'cpu', precision: 'q4' });
  await expect(model.encodeText(['a'], never)).rejects.toMatchObject({ code: 'model/out-of-memory' });
  most = 1;
  expect(await model.encodeText(['a'], never)).toHaveLength(1);
});

test('what the language itself has no memory for is the same error', async () => {
  const { open } = setUp(() => new RangeError('Array buffer allocation failed'));
  const model = await open({ device: 'cpu', precision: 'q4' });
  await expect(model.encodeText(['a'], never)).rejects.toMatchObject({
    code: 'model/out-of-memory',
    details: { device: 'cpu', precision: 'q4' },
  });
});

test('loads in a smaller way at once where even that has no room', async () => {
  const tried: string[] = [];
  const { open } = setUp(() => 8, {
    open: async ({ device, precision }) => {
      tried.push(`${device} ${precision}`);
      if (precision === 'fp32') throw noMemory();
      return new (class extends BaseModel {
        readonly residentBytes = 1;
        async [Symbol.asyncDispose]() {}
      })(manifest, device);
    },
  });
  const model = await open({ device: 'cuda', precision: 'fp32' });
  expect(tried).toEqual(['cuda fp32', 'cpu fp32', 'cpu q4']);
  expect(model.placement.reason).toBe('cuda: Failed to allocate memory');
});

test('a stream goes on elsewhere only before its first text', async () => {
  const { log, open } = setUp(({ device }) => (device === 'cpu' ? 1 : 0));
  const model = await open({ device: 'webgpu', precision: 'fp32' });
  const pieces: string[] = [];
  for await (const { text } of model.generateText(request('x'), never)) pieces.push(text);
  expect(pieces).toEqual(['x']);
  expect(log).toContain('free webgpu fp32');

  let most = 1;
  const later = setUp(() => most);
  const begun = await later.open({ device: 'webgpu', precision: 'fp32' });
  const reading = (async () => {
    for await (const _ of begun.generateText(request('x'), never)) most = 0;
  })();
  await expect(reading).rejects.toMatchObject({ code: 'model/out-of-memory' });
  expect(later.log.filter((line) => line.startsWith('free'))).toEqual([]);
});

test('a device that fails for an unknown reason is left for the processor; any other error is told as it is', async () => {
  const { log, open } = setUp(({ device }) => (device === 'cpu' ? 8 : new Error('the device was lost')));
  const model = await open({ device: 'webgpu', precision: 'fp32' });
  expect(await model.encodeText(['a'], never)).toHaveLength(1);
  expect(model.placement).toEqual({ device: 'cpu', reason: 'webgpu: the device was lost' });
  expect(log).toContain('free webgpu fp32');

  const refusing = setUp(() => new AppError('input/invalid', 'too long'));
  const refused = await refusing.open({ device: 'webgpu', precision: 'fp32' });
  await expect(refused.encodeText(['a'], never)).rejects.toMatchObject({ code: 'input/invalid' });
  expect(refusing.log).toHaveLength(1);
});

test('calls that come together step down once, and wait for each other', async () => {
  const { log, open } = setUp(({ device }) => (device === 'cpu' ? 8 : 0));
  const model = await open({ device: 'webgpu', precision: 'fp32' });
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => model.encodeText([text], never)));
  expect(answers.flat()).toHaveLength(3);
  expect(log.filter((line) => line.startsWith('free'))).toEqual(['free webgpu fp32']);
});

test('a model that cannot be opened anew is given up, and every later call says so', async () => {
  const lost: string[] = [];
  let opened = 0;
  const { open } = setUp(() => 0);
  const model = await LadderModel.open(
    { device: 'webgpu', precision: 'q4' },
    {
      installed: [variant('q4', 2)],
      open: async (rung) => {
        opened += 1;
        if (opened > 1) throw noMemory();
        return open(rung);
      },
      onLost: ({ code }) => lost.push(code),
    },
  );
  await expect(model.encodeText(['a'], never)).rejects.toMatchObject({ code: 'model/out-of-memory' });
  await expect(model.encodeText(['a'], never)).rejects.toMatchObject({ code: 'model/out-of-memory' });
  expect({ lost, opened }).toEqual({ lost: ['model/out-of-memory'], opened: 2 });
});
