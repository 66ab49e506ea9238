import { expect, test } from 'vitest';
import { findMisfits, findOutsiders } from '#shared/consistency/misfits.ts';

/** Five alike, one of them a little less; a sixth like them, a seventh unlike. */
const similarities = [
  [1, 0.8, 0.82, 0.79, 0.75, 0.78, 0.4],
  [0.8, 1, 0.81, 0.8, 0.74, 0.8, 0.42],
  [0.82, 0.81, 1, 0.8, 0.76, 0.79, 0.41],
  [0.79, 0.8, 0.8, 1, 0.75, 0.77, 0.38],
  [0.75, 0.74, 0.76, 0.75, 1, 0.74, 0.45],
  [0.78, 0.8, 0.79, 0.77, 0.74, 1, 0.4],
  [0.4, 0.42, 0.41, 0.38, 0.45, 0.4, 1],
];
const look = [0, 1, 2, 3, 4];

test('what lies further from the look than the look is wide does not fit', () => {
  expect(findMisfits(similarities, look, [5, 6])).toMatchObject([{ index: 6 }]);
});

test('two pictures define no look', () => {
  expect(findMisfits(similarities, [0, 1], [6])).toEqual([]);
});

test('in a set of likes nobody is outside, however one is always the least alike', () => {
  expect(findOutsiders(similarities, look)).toEqual([]);
  expect(findOutsiders(similarities, [0, 1, 2, 3, 6]).map(({ index }) => index)).toEqual([6]);
});
