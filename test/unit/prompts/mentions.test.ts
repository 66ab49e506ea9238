import { expect, test } from 'vitest';
import { mentions, relevantCharacters } from '#shared/text/prompts/mentions.ts';

const person = (name: string, ...aliases: string[]) => ({ name, aliases });

test.each([
  ['Elara smiled.', 'Elara', true],
  ['elara smiled.', 'Elara', true],
  ['Tomas’s dog', 'Tomas', true],
  ['Annabel smiled.', 'Ann', false],
  ['A cannon', 'Ann', false],
  ['小艾拉笑了。', '艾拉', true],
  ['艾伦笑了。', '艾拉', false],
  ['Mr. Oak came', 'Mr. Oak', true],
  ['a+b', 'a+b', true],
  ['anything', ' ', false],
])('%j names %j: %j', (text, name, expected) => {
  expect(mentions(text, [name])).toBe(expected);
});

test('listed characters come first, then those named by any of their names, and nobody else', () => {
  const [ann, ben, cleo, dora] = [person('Ann'), person('Ben', 'the miller'), person('Cleo'), person('Dora')];
  expect(relevantCharacters([ann, ben, cleo, dora], (one) => one === cleo, ['The miller sighed.'])).toEqual([
    cleo,
    ben,
  ]);
});

test('where nobody is listed or named, everybody may be meant', () => {
  const everyone = [person('Ann'), person('Ben')];
  expect(relevantCharacters(everyone, () => false, [''])).toEqual(everyone);
});
