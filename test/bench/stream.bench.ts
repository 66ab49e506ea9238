import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { toWeightOnly } from '#models/conversion/dynamicInt8.ts';
import { Decoder } from '#models/runtime/Decoder.ts';
import { candidates, createRandom, draw, largest } from '#models/runtime/sampling.ts';
import { TextTokenizer } from '#models/runtime/TextTokenizer.ts';
import type { WriteContext } from '#shared/models/task.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';
import { packageFiles } from '../support/packages.ts';
import { caveScene, caveSceneZh } from '../support/writing.ts';

/**
 * Text generation as ratios in one run: the whole way through the engine process and RPC over the bare session loop, and
 * the fused graph over the plain export, as the context grows. `node test/bench/stream.bench.ts`.
 */
const rounds = 7;
const tokens = 150;
const never = new AbortController().signal;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds per token of steps with a drawn token, and nothing else: no text, no stop strings, no messages. */
async function bareLoop(decoder: Decoder, prompt: readonly number[]): Promise<number> {
  const random = createRandom(1);
  let logits = await decoder.prefill(prompt, never);
  const startedAt = performance.now();
  for (let count = 0; count < tokens; count++) {
    const id = draw(candidates(logits, { temperature: 0.6, topK: 0, topP: 0.9 }), random());
    logits = await decoder.step([id]);
  }
  return (performance.now() - startedAt) / tokens;
}

/** The same model through the engine process: one prompt, text pieces over RPC, read to the end. */
async function throughEngine(
  engine: Awaited<ReturnType<typeof startEngine>>,
  context: WriteContext,
): Promise<{ msPerToken: number; prompt: string; messages: number }> {
  const sampling = { seed: 1, maxTokens: tokens, temperature: 0.6, topK: 0, topP: 0.9, repetitionPenalty: 1 };
  let firstAt = 0;
  let firstTokens = 0;
  let lastTokens = 0;
  let messages = 0;
  let prompt = '';
  for await (const event of await engine.client.inference.write({ context, sampling })) {
    if (event.type === 'prompt') prompt = event.report.prompt;
    if (event.type !== 'text') continue;
    messages += 1;
    if (firstAt === 0) {
      firstAt = performance.now();
      firstTokens = event.tokens;
    }
    lastTokens = event.tokens;
  }
  return { msPerToken: (performance.now() - firstAt) / (lastTokens - firstTokens), prompt, messages };
}

async function stack(models: string): Promise<void> {
  await using engine = await startEngine({ models });
  console.log('\nWhole way (engine process, prompt, text, RPC) over the bare session loop, ms per token');
  for (const [model, context] of [
    ['stories15m', caveScene],
    ['minimind2-small', caveSceneZh],
  ] as const) {
    const folder = join(models, model);
    await using decoder = await Decoder.open(folder);
    const tokenizer = await TextTokenizer.open(folder);
    const { prompt } = await throughEngine(engine, context);
    const ids = tokenizer.encode(prompt);
    const pairs: { bare: number; whole: number; messages: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const bare = await bareLoop(decoder, ids);
      const { msPerToken, messages } = await throughEngine(engine, context);
      pairs.push({ bare, whole: msPerToken, messages });
    }
    const ratio = median(pairs.map(({ bare, whole }) => whole / bare));
    console.log(
      `${model.padEnd(16)} bare ${median(pairs.map(({ bare }) => bare)).toFixed(2)}  whole ${median(pairs.map(({ whole }) => whole)).toFixed(2)}  ratio ${ratio.toFixed(3)}  messages ${String(median(pairs.map(({ messages }) => messages)))}`,
    );
  }
}

/** Decode and prefill of a graph in transformers.js' layout, whose cache travels through JavaScript at every step. */
async function plain(session: InferenceSession, ids: readonly number[], steps: number) {
  let past: Record<string, Tensor> = Object.fromEntries(
    session.inputNames
      .filter((name) => name.startsWith('past'))
      .map((name) => [name, new Tensor('float32', new Float32Array(), [1, 2, 0, 64])]),
  );
  let length = 0;
  const run = async (chunk: readonly number[]): Promise<Float32Array> => {
    const positions = BigInt64Array.from(chunk, (_, index) => BigInt(length + index));
    length += chunk.length;
    const outputs = await session.run({
      input_ids: new Tensor('int64', BigInt64Array.from(chunk, BigInt), [1, chunk.length]),
      position_ids: new Tensor('int64', positions, [1, chunk.length]),
      attention_mask: new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
      ...past,
    });
    past = Object.fromEntries(
      Object.keys(past).map((name) => [name, outputs[name.replace('past_key_values', 'present')] as Tensor]),
    );
    const { logits } = outputs;
    if (!(logits?.data instanceof Float32Array)) throw new Error('no logits');
    return logits.data.slice(-6400);
  };
  const begun = performance.now();
  let logits: Float32Array = new Float32Array();
  for (let at = 0; at < ids.length; at += 32) logits = await run(ids.slice(at, at + 32));
  const prefilled = performance.now();
  for (let step = 0; step < steps; step++) logits = await run([largest(logits)]);
  return { prefill: prefilled - begun, decode: (performance.now() - prefilled) / steps };
}

async function fused(decoder: Decoder, ids: readonly number[], steps: number) {
  await decoder.prefill([ids.at(-1) ?? 0], never);
  const begun = performance.now();
  let logits = await decoder.prefill(ids, never);
  const prefilled = performance.now();
  for (let step = 0; step < steps; step++) logits = await decoder.step([largest(logits)]);
  return { prefill: prefilled - begun, decode: (performance.now() - prefilled) / steps };
}

async function graphs(models: string): Promise<void> {
  const onnx = await readFile(join(await packageFiles('minimind2-small'), 'onnx/model_quantized.onnx'));
  const scratch = await mkdtemp(join(tmpdir(), 'storyloom-bench-'));
  try {
    await writeFile(join(scratch, 'weight-only.onnx'), toWeightOnly(onnx, 32));
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
    const asShipped = await InferenceSession.create(new Uint8Array(onnx), options);
    const weightOnly = await InferenceSession.create(join(scratch, 'weight-only.onnx'), options);
    const folder = join(models, 'minimind2-small');
    await using decoder = await Decoder.open(folder);
    const tokenizer = await TextTokenizer.open(folder);
    const all = tokenizer.encode('艾拉举起火把，走进了山洞。'.repeat(400));
    console.log('\nMiniMind2-small, one thread: decode ms per token (first token ms), by tokens of context');
    console.log('context   plain int8        plain weight-only   fused weight-only   fused / plain int8');
    for (const context of [64, 512, 1900]) {
      const ids = all.slice(0, context);
      const results = { shipped: [] as number[][], weightOnly: [] as number[][], fused: [] as number[][] };
      for (let round = 0; round < 5; round++) {
        for (const [name, measure] of [
          ['shipped', () => plain(asShipped, ids, 40)],
          ['weightOnly', () => plain(weightOnly, ids, 40)],
          ['fused', () => fused(decoder, ids, 40)],
        ] as const) {
          const { decode, prefill } = await measure();
          results[name].push([decode, prefill]);
        }
      }
      const of = (name: keyof typeof results, index: number) =>
        median(results[name].map((pair) => pair[index] ?? 0));
      const cell = (name: keyof typeof results) =>
        `${of(name, 0).toFixed(2).padStart(6)} (${of(name, 1).toFixed(0).padStart(5)})`;
      console.log(
        `${String(context).padEnd(9)} ${cell('shipped')}    ${cell('weightOnly')}      ${cell('fused')}      ${(of('fused', 0) / of('shipped', 0)).toFixed(2)} (${(of('fused', 1) / of('shipped', 1)).toFixed(2)})`,
      );
    }
    await asShipped.release();
    await weightOnly.release();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const models = await installedModels();
await stack(models);
await graphs(models);
