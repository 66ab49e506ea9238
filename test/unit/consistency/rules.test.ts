import { describe, expect, test } from 'vitest';
import { isMisspelt } from '#shared/consistency/compare/compareNames.ts';
import { findContradictions } from '#shared/consistency/findContradictions.ts';
import { castMember } from '#shared/consistency/people/cast.ts';
import { soundsLike } from '#shared/consistency/read/homophones.ts';
import { weekdayOf } from '#shared/consistency/read/readDays.ts';
import { readScene, readSheet } from '#shared/consistency/read/readTexts.ts';
import { parseNumber, writeNumber } from '#shared/consistency/text/numbers.ts';
import { createCharacter } from '#shared/story/create.ts';
import type { Decision } from '#shared/story/decision.ts';
import { createSceneId } from '#shared/story/ids.ts';
import { labelledCases } from '../../support/consistencySet.ts';

const scenes = [createSceneId(), createSceneId(), createSceneId()];

function check(
  characters: Parameters<typeof createCharacter>[0][],
  texts: string[],
  decisions: Decision[] = [],
  language: 'en' | 'zh' = 'en',
) {
  const sheets = characters.map(createCharacter);
  const cast = sheets.map(castMember);
  const findings = findContradictions(
    {
      cast,
      order: scenes.slice(0, texts.length),
      sheets: sheets.flatMap((sheet) => readSheet(sheet, cast)),
      scenes: texts.map((text, at) => readScene(scenes[at] ?? createSceneId(), text, language, cast)),
      pictures: [],
    },
    decisions,
  );
  return { findings, sheets };
}

const mara = createCharacter({ name: 'Mara', visualDescription: 'Long black hair.' });

describe('evidence', () => {
  test('of every scene of the labelled set lies where the text has those words', () => {
    let seen = 0;
    for (const language of ['en', 'zh'] as const) {
      for (const half of ['development', 'held-out'] as const) {
        for (const { scenes: texts, cast } of labelledCases(half, language)) {
          const members = cast.map(({ name, aliases }) => castMember(createCharacter({ name, aliases })));
          for (const text of texts) {
            for (const { evidence, words } of readScene(createSceneId(), text, language, members).facts) {
              seen += 1;
              expect(text.slice(evidence.start, evidence.end)).toBe(words);
              expect(text.startsWith(evidence.sentence, evidence.sentenceStart)).toBe(true);
              expect(evidence.start).toBeGreaterThanOrEqual(evidence.sentenceStart);
            }
          }
        }
      }
    }
    expect(seen).toBeGreaterThan(300);
  });
});

describe('a fix', () => {
  test('puts the word of the one statement in the place of the other, either way', () => {
    const { findings } = check([mara], ['Rain fell. Mara wrung out her blonde hair.']);
    expect(findings.map(({ fixes }) => fixes.map(({ before, after }) => [before, after]))).toEqual([
      [
        ['Mara wrung out her blonde hair.', 'Mara wrung out her black hair.'],
        ['Long black hair.', 'Long blonde hair.'],
      ],
    ]);
  });

  test('writes ages and weekdays the way the sentence does', () => {
    const lucy = createCharacter({ name: 'Lucy', fields: [{ name: 'Age', value: '12' }] });
    const { findings } = check(
      [lucy],
      ['Lucy, who was fifteen, laughed.', 'It was Sunday. The next day was Friday.'],
    );
    expect(findings.map(({ fixes }) => fixes[0]?.after).toSorted()).toEqual([
      'Lucy, who was twelve, laughed.',
      'The next day was Monday.',
    ]);
  });
});

describe('decisions', () => {
  const texts = [
    'Mara combed her black hair.',
    'Mara combed her red hair.',
    'Mara combed her red hair again.',
  ];

  test('an intended change silences everything from its scene on, and what then disagrees is still found', () => {
    const decisions: Decision[] = [
      {
        kind: 'intended',
        id: 'd',
        characterId: mara.id,
        attribute: 'hair.colour',
        fromSceneId: scenes[1] ?? createSceneId(),
      },
    ];
    expect(check([mara], texts).findings).toHaveLength(2);
    expect(check([mara], texts, decisions).findings).toEqual([]);
    const again = check(
      [mara],
      [texts[0] ?? '', texts[1] ?? '', 'Mara combed her black hair.'],
      decisions,
    ).findings;
    expect(again.map(({ a, b }) => [a.words, b.words])).toEqual([['red', 'black']]);
  });

  test('an ignored pair of sentences stays ignored when it moves', () => {
    const ignored: Decision = {
      kind: 'ignored',
      id: 'd',
      characterId: mara.id,
      attribute: 'hair.colour',
      statements: ['Long black hair.', 'Mara combed her red hair.'],
    };
    expect(check([mara], ['Mara combed her red hair.'], [ignored]).findings).toEqual([]);
    expect(check([mara], ['It rained.\n\nMara combed her red hair.'], [ignored]).findings).toEqual([]);
    expect(check([mara], ['Mara tied up her red hair.'], [ignored]).findings).toHaveLength(1);
  });
});

describe('numbers, days and sounds', () => {
  test.each([
    ['seventy-two', 72],
    ['nineteen', 19],
    ['forty', 40],
    ['34', 34],
    ['十二', 12],
    ['六十八', 68],
    ['二十', 20],
    ['两', 2],
  ])('%s is %i, and is written so again', (words, value) => {
    expect(parseNumber(words)).toBe(value);
    if (words !== '两') expect(writeNumber(value, words)).toBe(words);
  });

  test('knows the weekday of a date and no weekday of a day that never was', () => {
    expect([weekdayOf(1789, 7, 14), weekdayOf(1949, 10, 1), weekdayOf(2023, 2, 29)]).toEqual([2, 6, null]);
  });

  test('one letter makes a misspelling, a plural or another beginning does not', () => {
    expect([
      isMisspelt('Teodora', 'Theodora'),
      isMisspelt('Harrowgates', 'Harrowgate'),
      isMisspelt('Maria', 'Daria'),
    ]).toEqual([true, false, false]);
  });

  test('characters of one syllable sound alike, of like syllables nearly', () => {
    expect([soundsLike('晓', '小'), soundsLike('琳', '玲'), soundsLike('石', '芦')]).toEqual([1, 0.7, 0]);
  });
});
