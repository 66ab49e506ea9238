import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { patchPixels, smartSize } from '#models/preprocessing/patchPixels.ts';
import { parsePreprocessor } from '#models/preprocessing/preprocessor.ts';
import type { Raster } from '#models/preprocessing/raster.ts';
import { cropMiddle, squarePixels } from '#models/preprocessing/squarePixels.ts';

interface Case {
  readonly name: string;
  readonly picture: string;
  readonly config: unknown;
  readonly shape: readonly number[];
  readonly grid: readonly (readonly number[])[] | null;
  readonly values: string;
}
const root = join(import.meta.dirname, '../..');
const fixtures = join(root, 'test/fixtures/resize');
const { cases } = JSON.parse(readFileSync(join(fixtures, 'processors.json'), 'utf8')) as {
  cases: readonly Case[];
};

async function decode(path: string): Promise<Raster> {
  const { data, info } = await sharp(join(root, path))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** In steps of 1/255. */
function largestDifference(actual: Float32Array, expected: Uint8Array): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce(
    (most, value, index) => Math.max(most, Math.abs(value * 255 - (expected[index] ?? 999))),
    0,
  );
}

test.each(cases)(
  '$name prepares $picture as the Python processor does',
  async ({ picture, config, shape, grid, values }) => {
    const preprocessor = parsePreprocessor(config);
    const raster = await decode(picture);
    const made =
      preprocessor.kind === 'square'
        ? squarePixels(preprocessor, [raster])
        : patchPixels(preprocessor, [raster]);
    expect(made.shape).toEqual(shape);
    expect(
      largestDifference(made.data, gunzipSync(readFileSync(join(fixtures, values)))),
    ).toBeLessThanOrEqual(2);
    if ('grids' in made)
      expect(made.grids.map(({ time, height, width }) => [time, height, width])).toEqual(grid);
  },
);

test('two pictures lie one after the other, each as if it were alone', async () => {
  const [one, , , , , , qwen] = cases;
  const rasters = [await decode(cases[0]?.picture ?? ''), await decode(cases[1]?.picture ?? '')];
  const square = parsePreprocessor(one?.config);
  const patches = parsePreprocessor(qwen?.config);
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
  { size: 224, image_processor_type: 'Siglip2ImageProcessor' },
])('an unknown description is refused: %o', (config) => {
  expect(() => parsePreprocessor(config)).toThrow();
});
