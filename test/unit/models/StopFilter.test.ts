import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StopFilter } from '#models/runtime/StopFilter.ts';

const run = (pieces: readonly string[], stops: readonly string[]) => {
  const filter = new StopFilter(stops);
  const passed = pieces.map((piece) => filter.push(piece)).join('') + filter.end();
  return { passed, stopped: filter.stopped };
};

test('finds a stop string that arrives in several tokens', () => {
  expect(run(['The e', 'nd. Th', 'e END', ' and more'], ['The END'])).toEqual({
    passed: 'The end. ',
    stopped: true,
  });
});

test('holds back nothing that cannot become a stop string', () => {
  const filter = new StopFilter(['###']);
  expect([filter.push('a #'), filter.push('b'), filter.push('##'), filter.push('c')]).toEqual([
    'a ',
    '#b',
    '',
    '##c',
  ]);
});

test('however a text is cut, what passes is the text before the first stop string', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '龙') });
  fc.assert(
    fc.property(
      fc.array(letters),
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '龙'), minLength: 1, maxLength: 3 }), {
        maxLength: 3,
      }),
      (pieces, stops) => {
        const text = pieces.join('');
        const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
        const { passed, stopped } = run(pieces, stops);
        expect(stopped).toBe(ends.length > 0);
        if (ends.length === 0) expect(passed).toBe(text);
        else expect(text.startsWith(passed) && passed.length <= text.length).toBe(true);
        for (const stop of stops) expect(passed.includes(stop)).toBe(false);
      },
    ),
  );
});
