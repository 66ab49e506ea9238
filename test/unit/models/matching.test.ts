import { expect, test } from 'vitest';
import { lexicalSimilarity, termsOf } from '#models/coordinator/lexicalMatch.ts';
import { phrasesOf } from '#models/coordinator/phrases.ts';
import { textEvidence, textsOf } from '#models/coordinator/pictures/textEvidence.ts';
import type { RankCandidate } from '#shared/models/task.ts';
import { ImageId } from '#shared/story/ids.ts';

const id = (letter: string) => ImageId.parse(letter.repeat(64));

test('a passage falls into sentences, in both languages, without its markup', () => {
  expect(phrasesOf('# Night\n\nThe *wolf* howled. "Run!" ![a map](map.png) she said.', 'en')).toEqual([
    'Night',
    'The wolf howled.',
    '"Run!"',
    'she said.',
  ]);
  expect(phrasesOf('山上传来狼的嚎叫。她跑了！', 'zh')).toEqual(['山上传来狼的嚎叫。', '她跑了！']);
});

test('a long sentence is looked at clause by clause, a repeated one once, and no more than 200 phrases', () => {
  const long =
    'When the first snow had covered the roofs of the town, the children ran down to the frozen river, shouting.';
  expect(phrasesOf(long, 'en')).toEqual([
    'When the first snow had covered the roofs of the town,',
    'the children ran down to the frozen river, shouting.',
  ]);
  expect(phrasesOf('Go. Go. Go.', 'en')).toEqual(['Go.']);
  const book = Array.from({ length: 900 }, (_, index) => `Sentence ${String(index)} ends.`).join(' ');
  expect(phrasesOf(book, 'en')).toHaveLength(200);
  expect(phrasesOf('…  — \n', 'en')).toEqual([]);
});

test('terms are words without their endings and pairs of Han characters', () => {
  expect(termsOf("The wolves' howling, and Elara's lanterns")).toEqual(
    new Set(['wolv', 'howl', 'elara', 'lantern']),
  );
  expect(termsOf('满月下的狼 howled')).toEqual(new Set(['满月', 'howl', '狼']));
});

test('shared terms make two texts alike, none make them strangers', () => {
  const alike = (a: string, b: string) => lexicalSimilarity(termsOf(a), termsOf(b));
  expect(alike('A lantern', 'lanterns')).toBe(1);
  expect(alike('A lantern in the cave', 'the cave')).toBeCloseTo(Math.SQRT1_2);
  expect(alike('A lantern', 'A wolf')).toBe(0);
  expect(alike('', '')).toBe(0);
});

test('a picture is ranked by its best text, and told by its file name only when it has no other', () => {
  const both: RankCandidate = {
    imageId: id('a'),
    texts: [
      { field: 'file', text: 'wolf' },
      { field: 'alt', text: ' ' },
      { field: 'tag', text: 'moon' },
    ],
  };
  expect(textsOf(both)).toEqual([{ field: 'tag', text: 'moon' }]);
  expect(textsOf({ ...both, texts: both.texts.slice(0, 2) })).toEqual([{ field: 'file', text: 'wolf' }]);

  const scores = [
    [0.1, 0.9],
    [0.5, 0.2],
  ];
  const other: RankCandidate = { imageId: id('b'), texts: [{ field: 'tag', text: 'sun' }] };
  const evidence = textEvidence([both, other, { imageId: id('c'), texts: [] }], ['p', 'q'], ['moon', 'sun'], {
    similarity: (phrase, text) => scores[phrase]?.[text] ?? 0,
    strength: (similarity, text) => similarity * 10 + text,
  });
  expect([...evidence]).toEqual([
    [
      id('a'),
      { kind: 'text', score: 0.5, strength: 5, matched: { field: 'tag', text: 'moon' }, phrase: 'q' },
    ],
    [
      id('b'),
      { kind: 'text', score: 0.9, strength: 10, matched: { field: 'tag', text: 'sun' }, phrase: 'p' },
    ],
  ]);
});
