import type { Language } from '../../story/scene.ts';
import { chineseNumber, englishNumber, parseNumber } from '../text/numbers.ts';
import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { allMatches, groupSpan } from './phrases.ts';
import { stanceOf } from './stance.ts';
import { subjectOf } from './subject.ts';

interface AgePattern {
  readonly pattern: RegExp;
  /** The person comes after the words: "At twenty-nine, Yusuf". */
  readonly follows?: boolean;
  readonly certainty: number;
}

const n = `(?<word>${englishNumber})`;
const agePatterns: Record<Language, readonly AgePattern[]> = {
  en: [
    { pattern: new RegExp(`(?<![\\p{L}\\d-])${n}[- ]years?[- ]old`, 'giu'), certainty: 0.9 },
    { pattern: new RegExp(`(?<![\\p{L}-])aged\\s+${n}(?![\\p{L}\\d])`, 'giu'), certainty: 0.9 },
    {
      pattern: new RegExp(
        `(?<![\\p{L}-])(?:is|was|turned|now)\\s+(?:just\\s+|only\\s+|barely\\s+|already\\s+)?${n}(?=[,.;!?”"]|$|\\s+(?:that|this|and|now|years|the|last|when|but|in)\\b)(?!\\s+(?:miles|feet|days|weeks|minutes|hours|o'clock|of|people|steps|pounds))`,
        'giu',
      ),
      certainty: 0.85,
    },
    { pattern: new RegExp(`(?<![\\p{L}-])then\\s+${n}(?=[,.;])`, 'giu'), certainty: 0.85 },
    {
      pattern: new RegExp(
        `(?<=(?:who|,|\\p{Lu}\\p{L}+)\\s)at\\s+${n}(?=[,.;]|\\s+(?:had|was|still|could|did))`,
        'giu',
      ),
      certainty: 0.75,
    },
    { pattern: new RegExp(`^At\\s+${n},\\s+(?=\\p{Lu})`, 'gu'), follows: true, certainty: 0.8 },
    {
      pattern: new RegExp(
        `(?<![\\p{L}-])(?:man|woman|boy|girl|person|widow|widower)\\s+of\\s+${n}(?![\\p{L}\\d])`,
        'giu',
      ),
      certainty: 0.85,
    },
  ],
  zh: [
    {
      pattern: new RegExp(`(?<word>${chineseNumber}岁)(?!那年|时|的时候|起|以前|之前|以后|多)`, 'gu'),
      certainty: 0.9,
    },
    { pattern: /(?<word>[二三四五六七八九]十)来岁/gu, certainty: 0.5 },
  ],
};
const sheetAge: Record<Language, RegExp> = {
  en: new RegExp(`(?:^|,\\s+)(?<word>${englishNumber})(?=,|\\.|$|\\s+years)`, 'giu'),
  zh: new RegExp(`(?:^|，)(?<word>${chineseNumber})岁`, 'gu'),
};
const bornPatterns: Record<Language, RegExp> = {
  en: /(?<![\p{L}])born\s+(?:on\s+[^,.;]{0,20}?|in\s+)(?<word>1\d{3}|20\d{2})/giu,
  zh: /(?<word>1\d{3}|20\d{2})年(?:\d{1,2}月(?:\d{1,2}[日号])?)?(?:出生|生于|生在|生人|生(?=，|。))|生于(?<later>1\d{3}|20\d{2})年/gu,
};
const yearPatterns: Record<Language, RegExp> = {
  en: /(?<![\p{L}\d])(?:in|of|during)\s+(?<word>1\d{3}|20\d{2})(?!\d)/giu,
  zh: /(?<word>1\d{3}|20\d{2})年/gu,
};
/** "When Lucy was seven": the age of another time. */
const otherTime: Record<Language, RegExp> = {
  en: /\b(?:when|since|until|till|before|after|while|by the time|not yet|nearly|almost|over|under|at least|as if)\b[^,;.]*$/i,
  zh: /(?:不到|还不到|没到|未满|快|将近|超过|自从|等到)[^，。；]{0,3}$/,
};

/** Ages, years of birth and the years that scenes are set in. */
export function readAges(passage: Passage): Reading[] {
  return passage.sentences.flatMap((sentence, index) => [
    ...ages(passage, sentence, index),
    ...years(passage, sentence, index),
  ]);
}

function ages(passage: Passage, sentence: ReadSentence, index: number): Reading[] {
  const { language, owner } = passage;
  const patterns =
    owner === null
      ? agePatterns[language]
      : [...agePatterns[language], { pattern: sheetAge[language], certainty: 0.8 }];
  const found: Reading[] = [];
  for (const { pattern, follows, certainty } of patterns) {
    for (const match of allMatches(pattern, sentence.text)) {
      const span = groupSpan(match, 'word');
      if (!span || found.some(({ start }) => start === sentence.start + span.start)) continue;
      const value = parseNumber(sentence.text.slice(span.start, span.end).replace(/岁$/, ''));
      if (value === null || value < 1 || value > 130) continue;
      if (otherTime[language].test(sentence.text.slice(0, match.index))) continue;
      const subject = follows
        ? followingName(sentence, match.index + match[0].length)
        : subjectOf(
            passage,
            index,
            match.index,
            language === 'zh' ? span.end : match.index + match[0].length,
          );
      if (!subject) continue;
      const stance = stanceOf(sentence, language, match.index, span.end);
      if (stance.negated) continue;
      found.push({
        characterId: subject.characterId,
        attribute: 'age',
        about: '',
        values: [String(value)],
        certainty: certainty * subject.certainty * stance.certainty,
        changes: false,
        start: sentence.start + span.start,
        end: sentence.start + span.end,
        sentence,
      });
    }
  }
  return found;
}

function followingName(sentence: ReadSentence, at: number) {
  const name = sentence.mentions.find(({ start }) => start >= at && start <= at + 2);
  return name?.who && name.who !== 'other' ? { characterId: name.who, certainty: name.certainty } : null;
}

function years(passage: Passage, sentence: ReadSentence, index: number): Reading[] {
  const { language } = passage;
  const born = allMatches(bornPatterns[language], sentence.text).flatMap((match): Reading[] => {
    const span = groupSpan(match, 'word') ?? groupSpan(match, 'later');
    const subject = subjectOf(passage, index, match.index, match.index + match[0].length);
    if (!span || !subject) return [];
    const stance = stanceOf(sentence, language, match.index, span.end);
    return [
      {
        characterId: subject.characterId,
        attribute: 'born',
        about: '',
        values: [sentence.text.slice(span.start, span.end)],
        certainty: 0.9 * subject.certainty * stance.certainty,
        changes: false,
        start: sentence.start + match.index,
        end: sentence.start + match.index + match[0].length,
        sentence,
      },
    ];
  });
  if (born.length > 0) return born;
  return allMatches(yearPatterns[language], sentence.text).flatMap((match): Reading[] => {
    const span = groupSpan(match, 'word');
    if (!span) return [];
    return [
      {
        characterId: null,
        attribute: 'year',
        about: '',
        values: [sentence.text.slice(span.start, span.end)],
        certainty: 0.9,
        changes: false,
        start: sentence.start + span.start,
        end: sentence.start + span.end,
        sentence,
      },
    ];
  });
}
