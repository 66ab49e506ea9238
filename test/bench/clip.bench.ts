import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import type { Raster } from '#models/adapters/adapter.ts';
import { clipAdapter } from '#models/adapters/clip/ClipModel.ts';
import { adoptFolder } from '#models/manager/describeGraphs.ts';
import { findModel, manifestOf } from '#models/manager/foundModel.ts';
import { readPreprocessor } from '#models/preprocessing/preprocessor.ts';
import { resize } from '#models/preprocessing/resize.ts';
import { squarePixels } from '#models/preprocessing/squarePixels.ts';
import { openParts } from '#models/runtime/modelFolder.ts';
import { openSession } from '#models/runtime/sessions.ts';

/**
 * Pictures a second through the CLIP adapter, from raster to unit vector, beside a bare onnxruntime session with the same
 * weights that is given ready pixels; and our exact resizing beside sharp's.
 * `node test/bench/clip.bench.ts <a CLIP folder, ours or transformers.js's>`.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('name a folder with a CLIP model');
const rounds = 5;
const never = new AbortController().signal;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Median times of works that take turns, so that all see the same machine. */
async function compare(works: readonly (() => unknown)[], turns: number): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let turn = -1; turn < turns; turn++) {
    for (const [index, work] of works.entries()) {
      const ms = await timed(work);
      if (turn >= 0) times[index]?.push(ms);
    }
  }
  return times.map(median);
}

/** A picture with detail everywhere, the same on every run. */
function noise(width: number, height: number): Raster {
  const rgb = new Uint8Array(width * height * 3);
  let state = 1;
  for (let index = 0; index < rgb.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rgb[index] = state >>> 24;
  }
  return { width, height, rgb };
}

const work = mkdtempSync(join(tmpdir(), 'storyloom-clip-'));
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
  if (!variant) throw new Error('no variant');
  await using model = await clipAdapter.load({ manifest: manifestOf(found, undefined), variant, folder });
  const session = await openSession((await openParts(folder, variant.precision))('vision_model'));
  const preprocessor = await readPreprocessor(folder);
  if (preprocessor.kind !== 'square') throw new Error('not how CLIP prepares pictures');

  const picture = noise(640, 480);
  const table = [];
  for (const batch of [1, 8, 32]) {
    const images = Array.from({ length: batch }, () => picture);
    const { data, shape } = squarePixels(preprocessor, images);
    const [adapter = 0, bare = 0, pixels = 0] = await compare(
      [
        () => model.encodeImage(images, never),
        () => session.run({ pixel_values: new Tensor('float32', data, shape) }),
        () => squarePixels(preprocessor, images),
      ],
      rounds,
    );
    table.push({
      batch,
      'adapter, pictures/s': Number(((1000 * batch) / adapter).toFixed(1)),
      'bare session, pictures/s': Number(((1000 * batch) / bare).toFixed(1)),
      'adapter : bare, time': Number((adapter / bare).toFixed(2)),
      'pixels, ms a picture': Number((pixels / batch).toFixed(2)),
    });
  }
  await session.release();
  console.table(table);

  sharp.concurrency(1);
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const bytes = Buffer.from(picture.rgb);
  const [ours = 0, theirs = 0] = await compare(
    [
      () => resize(picture, 298, 224, 'bicubic'),
      () => sharp(bytes, { raw }).resize(298, 224, { kernel: 'cubic', fit: 'fill' }).raw().toBuffer(),
    ],
    40,
  );
  console.table([
    {
      'resize 640 × 480 → 298 × 224': 'bicubic',
      'ours, ms': Number(ours.toFixed(2)),
      'sharp, one thread, ms': Number(theirs.toFixed(2)),
      'ours : sharp': Number((ours / theirs).toFixed(2)),
    },
  ]);
} finally {
  rmSync(work, { recursive: true, force: true });
}
