import type { Character } from '../../story/character.ts';
import type { CharacterId, ImageId, SceneId } from '../../story/ids.ts';
import type { Language } from '../../story/scene.ts';
import type { Evidence, SheetField } from '../findings.ts';
import type { CastMember } from '../people/cast.ts';
import { parseNumber } from '../text/numbers.ts';
import { openPassage, type Passage, type Reading } from '../text/passage.ts';
import type { Sentence } from '../text/sentences.ts';
import { chineseField } from './chineseLooks.ts';
import { englishField } from './englishLooks.ts';
import { readAges } from './readAges.ts';
import { readPassing, readTimes, weekdayNumber, wrongWeekdays } from './readDays.ts';
import { readFamily } from './readFamily.ts';
import { readLives } from './readLives.ts';
import { readLooks } from './readLooks.ts';
import { readNames } from './readNames.ts';
import { readPlaces } from './readPlaces.ts';

/** A reading with the place it stands in. */
export interface Fact extends Omit<Reading, 'sentence' | 'start' | 'end'> {
  readonly evidence: Evidence;
  readonly words: string;
}

/** A weekday that does not fit, with the reason. */
export interface DayFact {
  readonly told: Fact;
  readonly reason: Fact;
  readonly expected: number;
}

/** Everything that one scene tells. */
export interface SceneFacts {
  readonly facts: readonly Fact[];
  readonly days: readonly DayFact[];
}

type Place =
  | { readonly kind: 'scene'; readonly sceneId: SceneId }
  | {
      readonly kind: 'sheet';
      readonly characterId: CharacterId;
      readonly field: SheetField;
      readonly line: number;
    }
  | {
      readonly kind: 'picture';
      readonly imageId: ImageId;
      readonly source: 'caption' | 'alt' | 'answer';
      readonly modelId: string | null;
    };

const evidenceOf = (place: Place, start: number, end: number, sentence: Sentence): Evidence => ({
  ...place,
  start,
  end,
  sentenceStart: sentence.start,
  sentence: sentence.text,
});

const factOf =
  (text: string, place: Place) =>
  ({ sentence, start, end, ...reading }: Reading): Fact => ({
    ...reading,
    words: text.slice(start, end),
    evidence: evidenceOf(place, start, end, sentence),
  });

const readPeople = (passage: Passage): Reading[] => [
  ...readLooks(passage),
  ...readAges(passage),
  ...readFamily(passage),
];

/** Reads a scene. The same text and cast always give the same facts. */
export function readScene(
  sceneId: SceneId,
  text: string,
  language: Language,
  cast: readonly CastMember[],
): SceneFacts {
  const passage = openPassage(text, language, cast);
  const place: Place = { kind: 'scene', sceneId };
  const asFact = factOf(text, place);
  const readings = [
    ...readPeople(passage),
    ...readLives(passage),
    ...readPlaces(passage),
    ...readTimes(passage),
    ...readPassing(passage),
    ...readNames(passage, cast),
  ];
  const dayReading = (sentence: Sentence, start: number, end: number, day: number, certainty: number): Fact =>
    asFact({
      characterId: null,
      attribute: 'weekday',
      about: '',
      values: [String(day)],
      certainty,
      changes: false,
      start: sentence.start + start,
      end: sentence.start + end,
      sentence,
    });
  const days = wrongWeekdays(passage).map(
    ({ told, reason, expected, certainty }): DayFact => ({
      told: dayReading(told.sentence, told.start, told.end, told.day, certainty),
      reason: dayReading(
        reason.sentence,
        reason.start,
        reason.end,
        weekdayNumber(reason.sentence.text.slice(reason.start, reason.end)),
        certainty,
      ),
      expected,
    }),
  );
  return { facts: readings.map(asFact), days };
}

const fieldMeaning: readonly (readonly [RegExp, 'hair' | 'eyes' | 'age' | 'born' | 'hand' | 'species'])[] = [
  [/^(?:hair|头发|发色|发型)/i, 'hair'],
  [/^(?:eyes?|eye colou?r|眼睛|瞳色|眼)/i, 'eyes'],
  [/^(?:age|年龄|岁数|年纪)/i, 'age'],
  [/^(?:born|birth|year of birth|出生|生年)/i, 'born'],
  [/^(?:hand|惯用手)/i, 'hand'],
  [/^(?:species|race|kind|物种|种族)/i, 'species'],
];

/** Reads a character's sheet, in the language each line is written in. */
export function readSheet(character: Character, cast: readonly CastMember[]): Fact[] {
  const texts: { text: string; place: Place; title: string }[] = [
    {
      text: character.description,
      place: { kind: 'sheet', characterId: character.id, field: 'description', line: 0 },
      title: '',
    },
    {
      text: character.visualDescription,
      place: { kind: 'sheet', characterId: character.id, field: 'visualDescription', line: 0 },
      title: '',
    },
    ...character.fields.map(({ name, value }, line) => ({
      text: value,
      place: { kind: 'sheet', characterId: character.id, field: 'fields', line } as const,
      title: name.trim(),
    })),
  ];
  return texts.flatMap(({ text, place, title }) => {
    if (text.trim() === '') return [];
    const passage = openPassage(text, languageOf(text), cast, character.id);
    const meaning = fieldMeaning.find(([pattern]) => pattern.test(title))?.[1];
    const own = meaning === undefined ? [] : fieldReadings(meaning, text, character.id, passage);
    const rest = readPeople(passage).filter(
      (reading) => !own.some(({ attribute }) => attribute === reading.attribute),
    );
    return [...own, ...rest].map(factOf(text, place));
  });
}

function fieldReadings(
  meaning: (typeof fieldMeaning)[number][1],
  text: string,
  characterId: CharacterId,
  { language, sentences }: Passage,
): Reading[] {
  const sentence = sentences[0];
  if (!sentence) return [];
  const whole = {
    characterId,
    about: '',
    certainty: 0.95,
    changes: false,
    start: sentence.start,
    end: sentence.end,
    sentence,
  };
  switch (meaning) {
    case 'hair':
    case 'eyes':
      return (language === 'zh' ? chineseField(meaning, text) : englishField(meaning, text)).map(
        (phrase) => ({
          ...whole,
          attribute: phrase.attribute,
          values: phrase.values,
          start: phrase.wordStart,
          end: phrase.wordEnd,
        }),
      );
    case 'age': {
      const value = parseNumber(text.trim().replace(/岁$|\s+years?(?:\s+old)?$/i, ''));
      return value === null ? [] : [{ ...whole, attribute: 'age', values: [String(value)] }];
    }
    case 'born': {
      const year = /1\d{3}|20\d{2}/.exec(text)?.[0];
      return year === undefined ? [] : [{ ...whole, attribute: 'born', values: [year] }];
    }
    case 'hand': {
      const value = /left|左/i.test(text) ? 'left' : /right|右/i.test(text) ? 'right' : null;
      return value === null ? [] : [{ ...whole, attribute: 'hand', values: [value] }];
    }
    case 'species':
      return [];
  }
}

/** The questions asked about a character's picture, and what their answers are about. */
export const pictureQuestions = {
  hair: { en: 'What colour is the hair of the person in this picture?', zh: '图中人物的头发是什么颜色？' },
  eyes: { en: 'What colour are the eyes of the person in this picture?', zh: '图中人物的眼睛是什么颜色？' },
  clothes: { en: 'What is the person in this picture wearing?', zh: '图中人物穿着什么衣服？' },
} as const satisfies Record<string, Record<Language, string>>;
export type PictureTopic = keyof typeof pictureQuestions;

/** A caption, an alternative text or an answer about a picture of one character. */
export interface PictureText {
  readonly imageId: ImageId;
  readonly characterId: CharacterId;
  readonly source: 'caption' | 'alt' | 'answer';
  /** What an answer answers; `null` for a description. */
  readonly topic: PictureTopic | null;
  readonly text: string;
  readonly modelId: string | null;
}

const unsure =
  /\b(?:not visible|cannot|can't|can not|unclear|unknown|not sure|no person|don't know|not possible|hard to tell)\b|看不清|无法|看不到|不确定|不清楚|没有人/i;

/** Reads what is said of a picture as statements about the character in it. */
export function readPicture(
  { imageId, characterId, source, topic, text, modelId }: PictureText,
  cast: readonly CastMember[],
): Fact[] {
  if (unsure.test(text)) return [];
  const language = languageOf(text);
  const passage = openPassage(text, language, cast, characterId);
  const place: Place = { kind: 'picture', imageId, source, modelId };
  const own = topic === 'hair' || topic === 'eyes' ? fieldReadings(topic, text, characterId, passage) : [];
  const rest = readLooks(passage).filter(
    (reading) => !own.some(({ attribute }) => attribute === reading.attribute),
  );
  const certainty = (modelId === null ? 0.95 : 0.85) * crowdFactor(passage);
  return [...own, ...rest]
    .map(factOf(text, place))
    .map((fact) => ({ ...fact, certainty: fact.certainty * certainty }));
}

const noPerson = /^(?:dog|cat|horse|wolf|fox|badger|moth|bird|doll|statue|hound)/i;

/** A caption that shows several people does not tell who is who. */
const crowdFactor = ({ sentences }: Passage): number => {
  const people = sentences.flatMap(({ mentions, text }) =>
    mentions.filter(
      ({ kind, possessive, start, end }) =>
        kind === 'other' && !possessive && !noPerson.test(text.slice(start, end)),
    ),
  );
  return people.length > 1 ? 0.5 : 1;
};

/** The language that a line is written in, by its characters. */
export const languageOf = (text: string): Language => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en');
