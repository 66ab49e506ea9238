import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tensor } from 'onnxruntime-node';
import type { ModelAdapter, MultimodalModel, Raster } from '#models/adapters/adapter.ts';
import { clipAdapter } from '#models/adapters/clip/ClipModel.ts';
import { batched } from '#models/jobs/BatchedModel.ts';
import { adoptFolder } from '#models/manager/describeGraphs.ts';
import { findModel, manifestOf } from '#models/manager/foundModel.ts';
import { readPreprocessor } from '#models/preprocessing/preprocessor.ts';
import { squarePixels } from '#models/preprocessing/squarePixels.ts';
import { openParts } from '#models/runtime/modelFolder.ts';
import { openSession } from '#models/runtime/sessions.ts';
import { TextTokenizer } from '#models/runtime/TextTokenizer.ts';

/**
 * 64 mixed requests (32 pictures, 32 texts, one each) in four bursts, through the batcher and straight to the adapter,
 * beside a bare onnxruntime session that is given ready inputs in its best batch size. All take turns on one machine.
 * `node test/bench/batching.bench.ts <a CLIP folder, ours or transformers.js's> [rounds]`.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';

const [given, roundsText = '7'] = process.argv.slice(2);
if (given === undefined) throw new Error('name a folder with a CLIP model');
const rounds = Number(roundsText);
const never = new AbortController().signal;
const kinds = 32;
const bursts = 4;
const betweenBurstsMs = 20;
const sizes = [1, 2, 4, 8, 16];
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** A picture with detail everywhere, the same on every run. */
function noise(seed: number): Raster {
  const [width, height] = [320, 240];
  const rgb = new Uint8Array(width * height * 3);
  let state = seed;
  for (let index = 0; index < rgb.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rgb[index] = state >>> 24;
  }
  return { width, height, rgb };
}

let told = 0;
/** Never the same twice: the adapter remembers texts. */
const freshText = () => `a lantern in the cave of the ${String(++told)} silver wolves, seen from far away`;
const pictures = Array.from({ length: kinds }, (_, index) => noise(index + 1));

/** Sends every request of a round in bursts; pictures and texts take turns. */
async function send(model: MultimodalModel): Promise<void> {
  const calls: Promise<unknown>[] = [];
  for (let burst = 0; burst < bursts; burst++) {
    if (burst > 0) await sleep(betweenBurstsMs);
    for (const picture of pictures.slice((burst * kinds) / bursts, ((burst + 1) * kinds) / bursts)) {
      calls.push(model.encodeImage([picture], never), model.encodeText([freshText()], never));
    }
  }
  await Promise.all(calls);
}

const work = mkdtempSync(join(tmpdir(), 'storyloom-batching-'));
try {
  const own = resolve(given);
  const folder = await findModel(own).then(
    () => own,
    async () => {
      const adopted = join(work, 'clip');
      await adoptFolder(own, adopted);
      return adopted;
    },
  );
  const found = await findModel(folder);
  const [variant] = found.variants;
  const ran = { pictures: [] as number[], texts: [] as number[] };
  /** The adapter, noting how many items the batcher gives it at once. */
  const noting: ModelAdapter = {
    family: 'clip',
    async load(context) {
      const model = await clipAdapter.load(context);
      const [encodeImage, encodeText] = [model.encodeImage.bind(model), model.encodeText.bind(model)];
      model.encodeImage = (images, signal) => {
        ran.pictures.push(images.length);
        return encodeImage(images, signal);
      };
      model.encodeText = (texts, signal) => {
        ran.texts.push(texts.length);
        return encodeText(texts, signal);
      };
      return model;
    },
  };
  const adapter = batched(new Map([['clip', noting]])).get('clip');
  if (!variant || !adapter) throw new Error('no variant');
  const context = { manifest: manifestOf(found, undefined), variant, folder };
  await using shared = await adapter.load(context);
  await using alone = await clipAdapter.load(context);

  const fileOf = await openParts(folder, variant.precision);
  const vision = await openSession(fileOf('vision_model'));
  const text = await openSession(fileOf('text_model'));
  const preprocessor = await readPreprocessor(folder);
  if (preprocessor.kind !== 'square') throw new Error('not how CLIP prepares pictures');
  const tokenizer = await TextTokenizer.open(folder);
  const ids = tokenizer.encode(freshText());
  const visionFeeds = (size: number) => {
    const { data, shape } = squarePixels(preprocessor, pictures.slice(0, size));
    return { pixel_values: new Tensor('float32', data, shape) };
  };
  const textFeeds = (size: number) => {
    const rows = Array.from({ length: size }, () => ids).flat();
    const shape = [size, ids.length];
    const tensors: Record<string, Tensor> = {
      input_ids: new Tensor('int64', BigInt64Array.from(rows, BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(rows.length).fill(1n), shape),
    };
    return Object.fromEntries(
      text.inputNames.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])),
    );
  };
  const feeds = {
    vision: new Map(sizes.map((size) => [size, visionFeeds(size)])),
    text: new Map(sizes.map((size) => [size, textFeeds(size)])),
  };

  /** The bare session over the kinds' requests, in batches of these sizes. */
  const runBare = async (sizeOf: { vision: number; text: number }) => {
    for (let done = 0; done < kinds; done += sizeOf.vision)
      await vision.run(feeds.vision.get(sizeOf.vision) ?? {});
    for (let done = 0; done < kinds; done += sizeOf.text) await text.run(feeds.text.get(sizeOf.text) ?? {});
  };
  /** The size in which a graph does most a second, each tried in turns. */
  const bestSize = async (of: 'vision' | 'text'): Promise<number> => {
    const times = sizes.map((): number[] => []);
    for (let turn = -2; turn < 9; turn++) {
      for (const [index, size] of sizes.entries()) {
        const ms = await timed(() => (of === 'vision' ? vision : text).run(feeds[of].get(size) ?? {}));
        if (turn >= 0) times[index]?.push(ms / size);
      }
    }
    console.table(
      sizes.map((size, index) => ({
        [`bare ${of} session, batch`]: size,
        'ms an item': Number(median(times[index] ?? []).toFixed(2)),
      })),
    );
    const medians = times.map(median);
    return sizes[medians.indexOf(Math.min(...medians))] ?? 1;
  };
  const best = { vision: await bestSize('vision'), text: await bestSize('text') };

  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    [`bare session, ready inputs, ${String(best.vision)} pictures, ${String(best.text)} texts`]: () =>
      runBare(best),
    'the same, and preparing the inputs': async () => {
      await runBare(best);
      for (const picture of pictures) squarePixels(preprocessor, [picture]);
      for (let index = 0; index < kinds; index++) tokenizer.encode(freshText());
    },
    'adapter with the batcher': () => send(shared),
    'adapter alone': () => send(alone),
  };
  const measured = Object.keys(ways).map(() => ({ wall: [] as number[], cpu: [] as number[] }));
  // The first rounds open the graphs and let the batcher find its sizes.
  const warmup = 4;
  for (let round = -warmup; round < rounds; round++) {
    for (const [index, way] of Object.values(ways).entries()) {
      const before = process.cpuUsage();
      const wall = await timed(way);
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      measured[index]?.wall.push(wall);
      measured[index]?.cpu.push((user + system) / 1000);
    }
  }
  await vision.release();
  await text.release();
  const tally = (runs: readonly number[]) =>
    [...Map.groupBy(runs.slice(-runs.length / 2), (size) => size)]
      .toSorted(([a], [b]) => a - b)
      .map(([size, of]) => `${String(of.length)} × ${String(size)}`)
      .join(', ');
  console.log(`runs of the later half: pictures ${tally(ran.pictures)}; texts ${tally(ran.texts)}`);

  const [reference] = measured;
  /** Medians of the rounds' own ratios: what slows the machine for a while slows all of a round. */
  const against = (of: 'wall' | 'cpu', values: readonly number[]): number =>
    median(values.map((value, round) => (reference?.[of][round] ?? 0) / value));
  console.table(
    Object.keys(ways).map((what, index) => {
      const { wall = [], cpu = [] } = measured[index] ?? {};
      return {
        '64 requests': what,
        'ms, median': Math.round(median(wall)),
        'requests/s': Number(((2 * kinds * 1000) / median(wall)).toFixed(1)),
        'throughput : bare': Number(against('wall', wall).toFixed(3)),
        'by processor time': Number(against('cpu', cpu).toFixed(3)),
      };
    }),
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
