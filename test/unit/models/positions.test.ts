import { expect, test } from 'vitest';
import { pictureTokens } from '#models/runtime/pictureTokens.ts';
import { gridPositions, plainPositions, rotaryRows } from '#models/runtime/positions.ts';

const grids = new Map([
  [1, { time: 1, height: 2, width: 3 }],
  [2, { time: 1, height: 1, width: 4 }],
]);
const gridOf = (key: number) => grids.get(key) ?? { time: 0, height: 0, width: 0 };
const triples = (positions: Int32Array): string[] =>
  Array.from({ length: positions.length / 3 }, (_, index) =>
    positions.slice(3 * index, 3 * index + 3).join(),
  );

test('text alone walks along all three axes at once', () => {
  expect(triples(gridPositions([7, 8, 9], 0, gridOf))).toEqual(['0,0,0', '1,1,1', '2,2,2']);
  expect(plainPositions(5, 3)).toEqual(Int32Array.of(3, 3, 3, 4, 4, 4));
});

test("a picture's features lie on a grid, and text goes on behind its longest side", () => {
  const tokens = [7, ...pictureTokens(1, 6), 8, 9];
  expect(triples(gridPositions(tokens, 0, gridOf))).toEqual([
    '0,0,0',
    ...['1,1,1', '1,1,2', '1,1,3', '1,2,1', '1,2,2', '1,2,3'],
    ...['4,4,4', '5,5,5'],
  ]);
});

test('two pictures one after the other, even the same one twice, are two', () => {
  const two = [...pictureTokens(1, 6), ...pictureTokens(2, 4), 5];
  expect(triples(gridPositions(two, 6, gridOf))).toEqual(['3,3,3', '3,3,4', '3,3,5', '3,3,6', '7,7,7']);
  const same = [...pictureTokens(2, 4), ...pictureTokens(2, 4)];
  expect(triples(gridPositions(same, 4, gridOf))).toEqual(['4,4,4', '4,4,5', '4,4,6', '4,4,7']);
});

test('however a prompt is cut into steps, every token keeps its place', () => {
  const tokens = [7, ...pictureTokens(1, 6), 8, ...pictureTokens(2, 4), 9, 10];
  const whole = triples(gridPositions(tokens, 0, gridOf));
  for (let cut = 1; cut < tokens.length; cut++) {
    const first = triples(gridPositions(tokens.slice(0, cut), 0, gridOf));
    expect([...first, ...triples(gridPositions(tokens, cut, gridOf))]).toEqual(whole);
  }
});

test('the frequencies follow time, height and width in turn', () => {
  const positions = Int32Array.of(3, 5, 7);
  const { cos, sin, rows } = rotaryRows(positions, { theta: 10_000, headSize: 8, sections: [1, 1, 2] });
  const angles = [3, 5 * 10_000 ** -0.25, 7 * 10_000 ** -0.5, 7 * 10_000 ** -0.75];
  expect(rows).toBe(1);
  for (const [index, angle] of angles.entries()) {
    expect(cos[index]).toBeCloseTo(Math.cos(angle), 5);
    expect(sin[index]).toBeCloseTo(Math.sin(angle), 5);
  }
});

test('without sections one axis turns them all', () => {
  const { cos } = rotaryRows(Int32Array.of(2, 9, 9), { theta: 100, headSize: 4 });
  expect(Array.from(cos, (value) => value.toFixed(4))).toEqual(
    [Math.cos(2), Math.cos(0.2)].map((value) => value.toFixed(4)),
  );
});
