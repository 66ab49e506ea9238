import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toWeightOnly } from '#models/conversion/dynamicInt8.ts';
import { readLlama2c } from '#models/conversion/llama2c.ts';
import { buildLlamaGraph } from '#models/conversion/llamaGraph.ts';
import { Decoder } from '#models/runtime/Decoder.ts';
import { largest } from '#models/runtime/sampling.ts';
import { TextTokenizer } from '#models/runtime/TextTokenizer.ts';
import { Llama2cReference } from '../support/llama2cReference.ts';
import { installedModels } from '../support/models.ts';
import { packageFiles } from '../support/packages.ts';

const opening = 'Once upon a time, there was a little girl named Elara. She lived near the sea';
const never = new AbortController().signal;
let checkpoint: Uint8Array;
let stories: string;
let fullPrecision: string;

beforeAll(async () => {
  checkpoint = await readFile(join(await packageFiles('stories15m'), 'dist/llama2.data'));
  stories = join(await installedModels(), 'stories15m');
  fullPrecision = await mkdtemp(join(tmpdir(), 'storyloom-fp32-'));
  const { shape, weights } = readLlama2c(checkpoint);
  await buildLlamaGraph(shape, weights).save(join(fullPrecision, 'model.onnx'));
  await writeFile(join(fullPrecision, 'decoder.json'), await readFile(join(stories, 'decoder.json')));
});

afterAll(() => rm(fullPrecision, { recursive: true, force: true }));

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? Number.NaN))), 0);

test('the fused graph in float32 computes what llama2.c computes, token after token', async () => {
  await using decoder = await Decoder.open(fullPrecision);
  const reference = new Llama2cReference(checkpoint);
  const ids = (await TextTokenizer.open(stories)).encode(opening);
  let expected: Float32Array = new Float32Array();
  for (const [position, id] of ids.entries()) expected = reference.forward(id, position);
  let actual = await decoder.prefill(ids, never);
  const greedy: number[] = [];
  for (let position = ids.length; position < ids.length + 60; position++) {
    expect(largestDifference(actual, expected)).toBeLessThan(1e-3);
    const next = largest(expected);
    expect(largest(actual)).toBe(next);
    greedy.push(next);
    expected = reference.forward(next, position);
    actual = await decoder.step([next]);
  }
  expect(new Set(greedy).size).toBeGreaterThan(20);
});

test('the 8-bit graph stays close to llama2.c: nearly always the same next token', async () => {
  await using decoder = await Decoder.open(stories);
  const reference = new Llama2cReference(checkpoint);
  const ids = (await TextTokenizer.open(stories)).encode(opening);
  let expected: Float32Array = new Float32Array();
  for (const [position, id] of ids.entries()) expected = reference.forward(id, position);
  let actual = await decoder.prefill(ids, never);
  let same = 0;
  const steps = 120;
  for (let step = 0; step < steps; step++) {
    const next = largest(expected);
    same += largest(actual) === next ? 1 : 0;
    expect(largestDifference(actual, expected)).toBeLessThan(1.5);
    expected = reference.forward(next, ids.length + step);
    actual = await decoder.step([next]);
  }
  expect(same / steps).toBeGreaterThan(0.95);
});

test('a prompt computed in chunks, again after another prompt, or after its own beginning gives the same logits', async () => {
  await using decoder = await Decoder.open(stories);
  const tokenizer = await TextTokenizer.open(stories);
  const long = tokenizer.encode(`${opening}. ${opening}, and she had a dog. ${opening}.`);
  expect(long.length).toBeGreaterThan(64);
  const first = Float32Array.from(await decoder.prefill(long, never));
  await decoder.step([largest(first)]);
  await decoder.prefill(tokenizer.encode('The old man sat down.'), never);
  const afterAnother = Float32Array.from(await decoder.prefill(long, never));
  await decoder.step([largest(first)]);
  const afterItself = Float32Array.from(await decoder.prefill(long, never));
  expect(afterAnother).toEqual(first);
  expect(afterItself).toEqual(first);
});

test('the tokenizer reads and writes what llama2.c does', async () => {
  const tokenizer = await TextTokenizer.open(stories);
  expect(tokenizer.encode('Once upon a time, there was a little girl')).toEqual([
    1, 9038, 2501, 263, 931, 29892, 727, 471, 263, 2217, 7826,
  ]);
  const stream = tokenizer.stream();
  const text = 'Elara said: "Ça va, 艾拉? 🐉"';
  const pieces = tokenizer.encode(text).map((id) => stream.push(id));
  expect(pieces.join('')).toBe(` ${text}`);
  expect(pieces.join('')).not.toContain('\u{fffd}');
});

test('the fused Chinese model computes what its export computes once that keeps activations whole', async () => {
  const files = await packageFiles('minimind2-small');
  const folder = join(await installedModels(), 'minimind2-small');
  const weightOnly = toWeightOnly(await readFile(join(files, 'onnx/model_quantized.onnx')), 32);
  const session = await InferenceSession.create(weightOnly, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const ids = (await TextTokenizer.open(folder)).encode(
    '艾拉举起火把，走进了山洞。托马斯紧紧跟在她身后，心里怦怦直跳。',
  );
  const row = (values: BigInt64Array) => new Tensor('int64', values, [1, ids.length]);
  const past = session.inputNames
    .filter((name) => name.startsWith('past'))
    .map((name) => [name, new Tensor('float32', new Float32Array(), [1, 2, 0, 64])] as const);
  const { logits } = await session.run({
    input_ids: row(BigInt64Array.from(ids, BigInt)),
    attention_mask: row(new BigInt64Array(ids.length).fill(1n)),
    position_ids: row(BigInt64Array.from(ids, (_, index) => BigInt(index))),
    ...Object.fromEntries(past),
  });
  await using decoder = await Decoder.open(folder);
  const actual = await decoder.prefill(ids, never);
  if (!(logits?.data instanceof Float32Array)) throw new Error('no logits');
  const expected = logits.data.slice(-actual.length);
  expect(largestDifference(actual, expected)).toBeLessThan(0.3);
  expect(largest(actual)).toBe(largest(expected));
  await session.release();
});
