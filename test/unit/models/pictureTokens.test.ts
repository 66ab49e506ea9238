import { expect, test } from 'vitest';
import { PictureMemory } from '#models/runtime/PictureMemory.ts';
import {
  expandMarks,
  isPictureToken,
  pictureKey,
  pictureOf,
  pictureToken,
  pictureTokens,
} from '#models/runtime/pictureTokens.ts';

const never = new AbortController().signal;

test('a token tells its picture and its feature, for the largest of both', () => {
  const key = pictureKey('f'.repeat(64));
  for (const feature of [0, 1, 65_535]) {
    const token = pictureToken(key, feature);
    expect(Number.isSafeInteger(token) && isPictureToken(token)).toBe(true);
    expect(pictureOf(token)).toEqual({ key, feature });
  }
  expect(isPictureToken(0)).toBe(false);
  expect(pictureOf(pictureToken(0, 0))).toEqual({ key: 0, feature: 0 });
});

test('marks become pictures in their order, and the beginning of a prompt keeps its end', () => {
  const [one, two] = [pictureTokens(5, 3), pictureTokens(6, 2)];
  const { tokens, after } = expandMarks([1, 99, 2, 99, 3], 99, [one, two]);
  expect(tokens).toEqual([1, ...one, 2, ...two, 3]);
  expect([0, 1, 2, 3, 4, 5, 9].map(after)).toEqual([0, 1, 4, 5, 7, 8, 8]);
});

/** A memory whose pictures take 40 bytes each, and what it looked at. */
function setUp(limitBytes: number) {
  const looked: number[] = [];
  const memory = new PictureMemory(async ({ raster: { rgb } }) => {
    looked.push(rgb[0] ?? 0);
    const grid = { time: 1, height: 1, width: 5 };
    return { features: new Float32Array(10).fill(rgb[0] ?? 0), count: 5, grid, embedding: null };
  }, limitBytes);
  const picture = (shade: number) => ({
    raster: { width: 1, height: 1, rgb: Uint8Array.of(shade, 0, 0) },
    briefly: false,
  });
  return { memory, looked, see: (...shades: number[]) => memory.see(shades.map(picture), never) };
}

test('a picture is looked at once, however often it is asked for', async () => {
  const { looked, see } = setUp(1000);
  const [first] = await see(1, 2, 1);
  const [again] = await see(1);
  expect(looked).toEqual([1, 2]);
  expect(again).toBe(first);
});

test('the ones not asked for longest are forgotten first, never one that is needed now', async () => {
  const { memory, looked, see } = setUp(80);
  const [one] = await see(1);
  await see(2);
  await see(1);
  await see(3);
  await see(1, 2);
  expect(looked).toEqual([1, 2, 3, 2]);
  const many = await see(4, 5, 6, 7);
  expect(many.map(({ key }) => memory.of(key).features[0])).toEqual([4, 5, 6, 7]);
  expect(() => memory.of(one?.key ?? 0)).toThrow('nobody has looked at');
});

test('between two pictures a cancel is heard', async () => {
  const abort = new AbortController();
  const memory = new PictureMemory(async () => {
    abort.abort();
    return {
      features: new Float32Array(2),
      count: 1,
      grid: { time: 1, height: 1, width: 1 },
      embedding: null,
    };
  });
  const raster = { width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3) };
  const picture = { raster, briefly: false };
  const other = { ...picture, briefly: true };
  await expect(memory.see([picture, other], abort.signal)).rejects.toThrow('aborted');
});
