import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitTurns } from '#models/coordinator/fitTurns.ts';

const turn = (pictures = 0) => ({ pictures });

test('drops the oldest turns first, but never the picture nor the question', () => {
  const turns = [turn(), turn(1), turn(), turn(), turn()];
  expect(fitTurns(turns, (places) => places.length <= 3)).toEqual([1, 3, 4]);
  expect(fitTurns(turns, () => true)).toEqual([0, 1, 2, 3, 4]);
  expect(fitTurns(turns, () => false)).toEqual([1, 4]);
});

test('keeps order, the last turn, and as many as fit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ pictures: fc.nat(2) }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 2, max: 30 }),
      (turns, most) => {
        const kept = fitTurns(turns, (places) => places.length <= most);
        expect(kept).toEqual(kept.toSorted((a, b) => a - b));
        expect(kept.at(-1)).toBe(turns.length - 1);
        expect(kept).toHaveLength(Math.min(turns.length, most));
        const shown = turns.findIndex(({ pictures }) => pictures > 0);
        if (shown >= 0) expect(kept).toContain(shown);
      },
    ),
  );
});
