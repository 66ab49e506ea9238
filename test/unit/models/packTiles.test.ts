import { expect, test } from 'vitest';
import { packedCount, packTiles, planPacking } from '#models/runtime/packTiles.ts';

/** Tiles of 2 × 2 features of one number each, and what ends a line. */
const lineEnd = -1;
const tile = (...features: number[]) => Float32Array.of(...features, lineEnd);

test('tiles become lines: the whole first, padding left out, every line with its end', () => {
  // 4 × 2 within a square of 2 × 2 tiles: the upper and the lower row of features show nothing.
  const packing = planPacking({ width: 40, height: 20 }, { rows: 2, columns: 2 }, 2, 9);
  const parts = [
    tile(0, 1, 2, 3),
    tile(9, 9, 4, 5),
    tile(9, 9, 6, 7),
    tile(10, 11, 9, 9),
    tile(12, 13, 9, 9),
  ];
  expect(packedCount(packing)).toBe(4 + 2 * 5);
  expect([...packTiles(parts, packing)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, -1, 10, 11, 12, 13, -1]);
});

test('what is more than allowed is scaled down, halfway between its neighbours', () => {
  const packing = planPacking({ width: 20, height: 20 }, { rows: 2, columns: 2 }, 2, 1);
  expect(packing.packed).toEqual({ width: 2, height: 2 });
  const parts = [tile(0, 0, 0, 0), tile(1, 3, 1, 3), tile(5, 7, 5, 7), tile(2, 4, 2, 4), tile(6, 8, 6, 8)];
  expect([...packTiles(parts, packing).subarray(4)]).toEqual([2, 6, -1, 3, 7, -1]);
});

test.each([
  // Width, height, rows, columns; what LLaVA-OneVision's own processor counts, with 27 × 27 features a tile.
  [600, 450, 2, 2, 2929],
  [1200, 900, 3, 4, 7309],
  [900, 1200, 4, 3, 7332],
  [384, 384, 1, 1, 1485],
  [2000, 700, 2, 6, 7168],
  [1333, 977, 3, 4, 7284],
  [211, 633, 2, 1, 1809],
])('%i × %i in %i × %i tiles is %i features', (width, height, rows, columns, count) => {
  expect(packedCount(planPacking({ width, height }, { rows, columns }, 27, 9))).toBe(count);
});
