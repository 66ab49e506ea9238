import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Filter, resize, resizePart } from '#models/preprocessing/resize.ts';
import { cropMiddle } from '#models/preprocessing/squarePixels.ts';

interface Case {
  readonly filter: Filter;
  readonly width: number;
  readonly height: number;
  readonly newWidth: number;
  readonly newHeight: number;
  readonly rgb: string;
  readonly expected: string;
}
const file = join(import.meta.dirname, '../../fixtures/resize/pillow.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };

test.each(cases)(
  '$filter from $width × $height to $newWidth × $newHeight gives the bytes that Pillow gives',
  (one) => {
    const raster = { width: one.width, height: one.height, rgb: Buffer.from(one.rgb, 'base64') };
    const resized = resize(raster, one.newWidth, one.newHeight, one.filter);
    expect(Buffer.from(resized.rgb).equals(Buffer.from(one.expected, 'base64'))).toBe(true);
  },
);

test('a picture that has the size already is left alone', () => {
  const raster = { width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  expect(resize(raster, 2, 1, 'bicubic')).toBe(raster);
});

test('a part is what would be cut out of the whole', () => {
  for (const { filter, newWidth, newHeight, ...one } of cases) {
    if (filter === 'nearest') continue;
    const raster = { width: one.width, height: one.height, rgb: Buffer.from(one.rgb, 'base64') };
    const [width, height] = [Math.ceil(newWidth / 2), Math.ceil(newHeight / 3)];
    const [left, top] = [Math.floor((newWidth - width) / 2), Math.floor((newHeight - height) / 2)];
    const part = resizePart(raster, newWidth, newHeight, { left, top, width, height }, filter);
    const cut = cropMiddle(resize(raster, newWidth, newHeight, filter), width, height);
    expect(Buffer.from(part.rgb).equals(Buffer.from(cut.rgb)), JSON.stringify({ filter, ...one })).toBe(true);
  }
});
