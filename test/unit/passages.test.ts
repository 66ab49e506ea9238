import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passagesOf } from '#shared/text/passages.ts';

const count = (text: string): number => Math.ceil(text.length / 3);

test('passages are whole paragraphs where they fit', () => {
  const text = 'One two three.\n\nFour five six.\n\nSeven.';
  expect(passagesOf(text, 6, count)).toEqual(['One two three.\n\n', 'Four five six.\n\n', 'Seven.']);
  expect(passagesOf(text, 100, count)).toEqual([text]);
});

test('long paragraphs are cut at sentences, in both languages', () => {
  expect(passagesOf('One two three. Four five six. Seven.', 6, count)).toEqual([
    'One two three. ',
    'Four five six. ',
    'Seven.',
  ]);
  expect(passagesOf('他们走进山洞。水晶发光了！', 3, count)).toEqual(['他们走进山洞。', '水晶发光了！']);
});

test('joined, passages are the text, and none is too long', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', '.', '\n', '。', '好', '😀', '"'), maxLength: 300 }),
      fc.integer({ min: 2, max: 40 }),
      (text, most) => {
        const passages = passagesOf(text, most, count);
        expect(passages.join('')).toBe(text);
        for (const passage of passages) expect(count(passage)).toBeLessThanOrEqual(most);
      },
    ),
  );
});
