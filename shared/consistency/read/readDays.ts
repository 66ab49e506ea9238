import type { Language } from '../../story/scene.ts';
import { chineseNumber, englishNumber, parseNumber } from '../text/numbers.ts';
import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { isQuoted } from '../text/sentences.ts';
import { allMatches, groupSpan } from './phrases.ts';

const months = 'january|february|march|april|may|june|july|august|september|october|november|december';
const weekdays = 'sunday|monday|tuesday|wednesday|thursday|friday|saturday';
const weekdayNames = weekdays.split('|');
const hanWeekdays = '日一二三四五六';

/** 0 is Sunday; -1 where it is no weekday. */
export function weekdayNumber(word: string): number {
  const english = weekdayNames.indexOf(word.toLowerCase());
  if (english >= 0) return english;
  const last = word.replace('天', '日').at(-1) ?? '';
  return hanWeekdays.indexOf(last);
}

/** A weekday written the way `like` is. */
export function writeWeekday(day: number, like: string): string {
  const name = weekdayNames[day] ?? '';
  if (/[a-z]/i.test(like)) return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return `${like.slice(0, -1)}${hanWeekdays.charAt(day)}`;
}

/** The weekday of a date of the Gregorian calendar, 0 is Sunday; `null` for a date that never was. */
export function weekdayOf(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getUTCDay() : null;
}

const dated: Record<Language, readonly RegExp[]> = {
  en: [
    new RegExp(
      `(?<weekday>${weekdays}),?\\s+(?:the\\s+)?(?<day>\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?\\s+(?<month>${months}),?\\s+(?<year>1[5-9]\\d{2}|20\\d{2})`,
      'giu',
    ),
    new RegExp(
      `(?<weekday>${weekdays}),?\\s+(?<month>${months})\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)?,\\s+(?<year>1[5-9]\\d{2}|20\\d{2})`,
      'giu',
    ),
    new RegExp(
      `(?<day>\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?\\s+(?<month>${months}),?\\s+(?<year>1[5-9]\\d{2}|20\\d{2}),?\\s+(?:which was |it was |was )?(?:an?\\s+)?(?<weekday>${weekdays})`,
      'giu',
    ),
  ],
  zh: [
    /(?<year>1[5-9]\d{2}|20\d{2})年(?<month>\d{1,2})月(?<day>\d{1,2})[日号][^。；]{0,8}?(?<weekday>(?:星期|礼拜|周)[日天一二三四五六])/gu,
  ],
};
const weekday: Record<Language, RegExp> = {
  en: new RegExp(
    `(?<![\\p{L}])(?<lead>(?:every|each|last|next|by|until|till|before|after|since|some|any|most|no)\\s+)?(?<word>${weekdays})(?<plural>s)?(?![\\p{L}])`,
    'giu',
  ),
  zh: /(?<lead>每个?|每逢|上个?|下个?|到了?|等到|以前的|一到)?(?<word>(?:星期|礼拜|周)[日天一二三四五六])/gu,
};
const shift: Record<Language, RegExp> = {
  en: new RegExp(
    `\\b(?:the\\s+)?(?:next|following)\\s+(?:day|morning|afternoon|evening|night)\\b|\\bthe\\s+day\\s+after\\b(?!\\s+tomorrow)|(?<![\\p{L}])(?<count>${englishNumber})\\s+(?:days|nights|mornings)\\s+(?:later|after)|(?<vague>\\b(?:some|several|many|a few)\\s+(?:days|weeks)\\s+later|\\b(?:weeks?|months?|years?)\\s+later|\\ba\\s+(?:week|month|year|while)\\s+later|\\bin the spring|\\bthat (?:spring|summer|autumn|winter))`,
    'giu',
  ),
  zh: new RegExp(
    `第二天|次日|翌日|隔天|(?<count>${chineseNumber})天(?:以?后|之后|过后)|(?<vague>几天后|(?:几|数|多)个?[周月年](?:以?后|之后)|过了[几一]?个?[周月年]|[周月年](?:以?后|之后)|那年)`,
    'gu',
  ),
};

interface Weekday {
  readonly day: number;
  readonly sentence: ReadSentence;
  readonly start: number;
  readonly end: number;
}

/** A weekday that cannot be: `expected` is what it should be, `reason` where that was told. */
export interface WrongWeekday {
  readonly told: Weekday;
  readonly reason: { readonly sentence: ReadSentence; readonly start: number; readonly end: number };
  readonly expected: number;
  readonly certainty: number;
}

/** Weekdays that do not fit their date, or the weekday told before and the days gone by since. */
export function wrongWeekdays(passage: Passage): WrongWeekday[] {
  const { language } = passage;
  const wrong: WrongWeekday[] = [];
  let last: Weekday | null = null;
  let gone: number | null = 0;
  for (const sentence of passage.sentences) {
    if (sentence.unreal) continue;
    const { text } = sentence;
    const ofDates = dated[language].flatMap((pattern) => allMatches(pattern, text));
    for (const match of ofDates) {
      const span = groupSpan(match, 'weekday');
      const { year = '', month = '', day = '' } = match.groups ?? {};
      const monthNumber = /^\d+$/.test(month)
        ? Number(month)
        : months.split('|').indexOf(month.toLowerCase()) + 1;
      const expected = weekdayOf(Number(year), monthNumber, Number(day));
      if (!span || expected === null) continue;
      const told = {
        day: weekdayNumber(text.slice(span.start, span.end)),
        sentence,
        start: span.start,
        end: span.end,
      };
      if (told.day !== expected) {
        wrong.push({
          told,
          reason: { sentence, start: match.index, end: match.index + match[0].length },
          expected,
          certainty: isQuoted(sentence, span.start) ? 0.5 : 0.85,
        });
      }
    }
    const steps = [
      ...allMatches(shift[language], text).map((match) => ({
        at: match.index,
        match,
        kind: 'shift' as const,
      })),
      ...allMatches(weekday[language], text).map((match) => ({
        at: match.index,
        match,
        kind: 'day' as const,
      })),
    ].toSorted((a, b) => a.at - b.at);
    for (const { match, kind, at } of steps) {
      if (isQuoted(sentence, at)) continue;
      if (kind === 'shift') {
        const { count, vague } = match.groups ?? {};
        const days = vague !== undefined ? null : count === undefined ? 1 : parseNumber(count);
        gone = gone === null || days === null ? null : gone + days;
        continue;
      }
      const span = groupSpan(match, 'word');
      const habit = match.groups?.['lead'] !== undefined || match.groups?.['plural'] !== undefined;
      if (!span || habit) continue;
      const told: Weekday = {
        day: weekdayNumber(text.slice(span.start, span.end)),
        sentence,
        start: span.start,
        end: span.end,
      };
      const date = ofDates.some((one) => one.index <= span.start && span.end <= one.index + one[0].length);
      if (!date && last !== null && gone !== null && gone > 0 && isNear(text, at, language)) {
        const expected = (last.day + gone) % 7;
        if (expected !== told.day) wrong.push({ told, reason: last, expected, certainty: 0.8 });
      }
      last = told;
      gone = 0;
    }
  }
  return wrong;
}

/** The weekday is said of the day that the shift leads to: "The next day was Friday", not "The next day she thought of Friday". */
function isNear(text: string, at: number, language: Language): boolean {
  const before = text.slice(0, at);
  return language === 'en'
    ? /(?:day|morning|afternoon|evening|night|later|after)(?:,?\s+(?:was|it was|which was|being)?\s*(?:an?|on)?\s*|,\s+an?\s+|\s+was\s+an?\s+)$/i.test(
        before,
      )
    : /(?:天|日|后|早上|早晨|晚上|下午|清晨)(?:，|是|，是|就是|正是|，那是)?$/.test(before);
}

const times: Record<Language, readonly (readonly [RegExp, string])[]> = {
  en: [
    [
      /\b(?:it was (?:past |nearly |almost )?midnight|at midnight|the midnight (?:sky|hour))\b|\bit was midnight\b/i,
      'midnight',
    ],
    [/\b(?:it was noon|at noon|the (?:noon|midday|noonday) (?:sun|heat|light))\b|\bnoon sun\b/i, 'noon'],
  ],
  zh: [
    [/已是半夜|正是半夜|那时是半夜|已经半夜|正值午夜|已是午夜|已是深夜/, 'midnight'],
    [/正午的(?:太阳|阳光|日头)|正当正午|已是正午|烈日当空/, 'noon'],
  ],
};
const timePasses: Record<Language, RegExp> = {
  en: /\b(?:by|until|till|next|later|morning|hours?|dawn|slept|sleep|woke|after|since|when|day|days|then)\b/i,
  zh: /第二天|到了|早上|天亮|醒|睡|之后|以后|后来|钟头|小时|次日|翌日|等/,
};

/** Midnight and noon in one scene, told within a few sentences and with nothing in between that passes the time. */
export function readTimes(passage: Passage): Reading[] {
  const { language } = passage;
  return passage.sentences.flatMap((sentence, index): Reading[] =>
    times[language].flatMap(([pattern, value]): Reading[] => {
      const match = pattern.exec(sentence.text);
      if (!match || isQuoted(sentence, match.index) || sentence.unreal) return [];
      const since = passage.sentences
        .slice(Math.max(0, index - 6), index + 1)
        .map(({ text }, at, all) => (at === all.length - 1 ? text.slice(0, match.index) : text));
      const passes = since.slice(1).some((text) => timePasses[language].test(text));
      return [
        {
          characterId: null,
          attribute: 'time-of-day',
          about: passes ? 'passed' : '',
          values: [value],
          certainty: 0.7,
          changes: passes,
          start: sentence.start + match.index,
          end: sentence.start + match.index + match[0].length,
          sentence,
        },
      ];
    }),
  );
}

/** That years go by, for ages: "Four years later", "that spring". */
export function readPassing(passage: Passage): Reading[] {
  const pattern =
    passage.language === 'zh'
      ? /(?:[一二两三四五六七八九十几数多\d]+年(?:以?后|之后|过去)|多年以?后|许多年|过了[^。，]{0,3}年|第二年|来年|生日)/u
      : /\b(?:(?:\w+[- ])?years?\s+(?:later|had passed|went by|passed|on|after)|(?:the\s+)?(?:next|following)\s+(?:year|spring|summer|autumn|winter)|birthday|decades?\s+later|grown up|grew up|turned)\b/i;
  return passage.sentences.flatMap((sentence): Reading[] => {
    const match = pattern.exec(sentence.text);
    if (!match) return [];
    return [
      {
        characterId: null,
        attribute: 'passes',
        about: '',
        values: [match[0]],
        certainty: 0.9,
        changes: false,
        start: sentence.start + match.index,
        end: sentence.start + match.index + match[0].length,
        sentence,
      },
    ];
  });
}
