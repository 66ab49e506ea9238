import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cutAnyres } from '#models/preprocessing/anyresPixels.ts';
import { patchPixels, smartSize } from '#models/preprocessing/patchPixels.ts';
import { type Preprocessor, parsePreprocessor } from '#models/preprocessing/preprocessor.ts';
import type { Raster } from '#models/preprocessing/raster.ts';
import { cropMiddle, pixelsOf, squarePixels } from '#models/preprocessing/squarePixels.ts';
import { cutTiles } from '#models/preprocessing/tilePixels.ts';

interface Case {
  readonly name: string;
  readonly picture: string;
  /** Left, top, width and height of the part that was taken; `null` for the whole picture. */
  readonly crop: readonly [number, number, number, number] | null;
  readonly shape: readonly number[];
  /** Every so many rows and columns are kept. */
  readonly every: number;
  readonly file: string;
}
interface Expected {
  readonly everyPatch: number;
  readonly configs: Readonly<Record<string, { readonly image_mean: number[]; readonly image_std: number[] }>>;
  readonly cases: readonly Case[];
}
const root = join(import.meta.dirname, '../..');
const fixtures = join(root, 'test/fixtures/parity/pixels');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Expected;

/** What a checkpoint says, but for the last step: levels 0…1 instead of normalised values. */
const plainConfig = (name: string) => ({
  ...expected.configs[name],
  image_mean: [0, 0, 0],
  image_std: [1, 1, 1],
});

async function decode({ picture, crop }: Pick<Case, 'picture' | 'crop'>): Promise<Raster> {
  const [left, top, width, height] = crop ?? [];
  const whole = sharp(join(root, picture));
  const part =
    left === undefined || top === undefined || width === undefined || height === undefined
      ? whole
      : whole.extract({ left, top, width, height });
  const { data, info } = await part.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** The pixels that the fixture kept: every few rows and columns of a plane, or every few patches. */
function kept({ name, every }: Case, data: Float32Array, shape: readonly number[]): number[] {
  const { everyPatch } = expected;
  if (name === 'qwen2-vl') {
    const size = shape[1] ?? 1;
    const patches = Array.from(
      { length: Math.ceil((shape[0] ?? 0) / everyPatch) },
      (_, index) => index * everyPatch,
    );
    return patches.flatMap((patch) => [...data.subarray(patch * size, (patch + 1) * size)]);
  }
  const [pictures = 1, , height = 1, width = 1] = shape;
  const pixels: number[] = [];
  for (let plane = 0; plane < 3 * pictures; plane++)
    for (let row = 0; row < height; row += every)
      for (let column = 0; column < width; column += every)
        pixels.push(data[(plane * height + row) * width + column] ?? Number.NaN);
  return pixels;
}

function prepare(preprocessor: Preprocessor, raster: Raster) {
  if (preprocessor.kind === 'square') return squarePixels(preprocessor, [raster]);
  if (preprocessor.kind === 'tiles') {
    return pixelsOf(cutTiles(raster, preprocessor), preprocessor.normalisation);
  }
  if (preprocessor.kind === 'anyres') {
    return pixelsOf(cutAnyres(raster, preprocessor), preprocessor.normalisation);
  }
  return patchPixels(preprocessor, [raster]);
}

test.each(expected.cases)(
  '$name prepares $picture as the Python processor does, cut to $crop',
  async (one) => {
    const preprocessor = parsePreprocessor(plainConfig(one.name));
    const raster = await decode(one);
    const made = prepare(preprocessor, raster);
    expect(made.shape).toEqual(one.shape);
    const wanted = gunzipSync(readFileSync(join(fixtures, one.file)));
    const pixels = kept(one, made.data, made.shape).map((value) => Math.round(value * 255));
    expect(pixels.length).toBe(wanted.length);
    const worst = pixels.reduce(
      (most, level, index) => Math.max(most, Math.abs(level - (wanted[index] ?? 999))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(2);
  },
);

test('two pictures lie one after the other, each as if it were alone', async () => {
  const rasters = await Promise.all(expected.cases.slice(0, 2).map(decode));
  const square = parsePreprocessor(plainConfig('clip-224'));
  const patches = parsePreprocessor(plainConfig('qwen2-vl'));
  if (square.kind !== 'square' || patches.kind !== 'patches') throw new Error('other fixtures than thought');
  const alone = rasters.map((raster) => squarePixels(square, [raster]).data);
  const together = squarePixels(square, rasters);
  expect(together.shape[0]).toBe(2);
  expect(together.data).toEqual(Float32Array.from(alone.flatMap((data) => [...data])));
  const both = patchPixels(patches, rasters);
  const second = patchPixels(patches, rasters.slice(1));
  expect(both.data.subarray(both.data.length - second.data.length)).toEqual(second.data);
});

describe('smart size', () => {
  const limits = { minPixels: 3136, maxPixels: 100_352 };
  test.each([
    [
      { width: 640, height: 480 },
      { width: 364, height: 252 },
    ],
    [
      { width: 28, height: 28 },
      { width: 56, height: 56 },
    ],
    [
      { width: 10, height: 1500 },
      { width: 28, height: 700 },
    ],
    // Halves go to the even neighbour: 70 / 28 = 2.5, 98 / 28 = 3.5.
    [
      { width: 70, height: 98 },
      { width: 56, height: 112 },
    ],
  ])('%o becomes %o', (from, to) => {
    expect(smartSize(from, 28, limits)).toEqual(to);
  });

  test('a picture 201 times as long as it is wide is refused', () => {
    expect(() => smartSize({ width: 2010, height: 10 }, 28, limits)).toThrow(
      expect.objectContaining({ code: 'input/invalid' }),
    );
  });
});

test('the middle of a small picture is that picture on black', () => {
  const raster = { width: 1, height: 1, rgb: Uint8Array.of(7, 8, 9) };
  const { rgb } = cropMiddle(raster, 3, 3);
  expect(rgb.length).toBe(27);
  expect(rgb.subarray(12, 15)).toEqual(raster.rgb);
  expect(rgb.reduce((sum, value) => sum + value, 0)).toBe(24);
});

test.each([
  {},
  { size: 'large' },
  { size: 224, resample: 9 },
  { size: 224, image_std: [0, 1, 1] },
  null,
  { size: 1e9 },
  { size: 224, image_processor_type: 'ViTImageProcessor' },
  {
    image_processor_type: 'SmolVLMImageProcessor',
    size: { longest_edge: 4096 },
    max_image_size: { longest_edge: 1 },
  },
  {
    image_processor_type: 'LlavaOnevisionImageProcessor',
    size: { height: 2, width: 2 },
    image_grid_pinpoints: [[4096, 2]],
  },
  { size: 224, image_processor_type: 'Siglip2ImageProcessor' },
])('an unknown description is refused: %o', (config) => {
  expect(() => parsePreprocessor(config)).toThrow();
});
