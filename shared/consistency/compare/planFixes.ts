import type { Attribute, Fix } from '../findings.ts';
import { colours } from '../lexicon/colours.ts';
import { lengths } from '../lexicon/looks.ts';
import { writeWeekday } from '../read/readDays.ts';
import { type Fact, languageOf } from '../read/readTexts.ts';
import { writeNumber } from '../text/numbers.ts';

/** Ways to make `a` and `b` agree by changing words: the later statement first. Only where a word can stand for a word. */
export function planFixes(attribute: Attribute, a: Fact, b: Fact, expectedDay: number | null = null): Fix[] {
  return [
    fixOf(attribute, b, a, expectedDay),
    ...(attribute === 'spelling' || expectedDay !== null ? [] : [fixOf(attribute, a, b, null)]),
  ].flatMap((fix) => fix ?? []);
}

function fixOf(attribute: Attribute, change: Fact, like: Fact, expectedDay: number | null): Fix | null {
  const { evidence } = change;
  if (evidence.kind === 'picture') return null;
  const inserted =
    expectedDay === null ? wordsFor(attribute, change, like) : writeWeekday(expectedDay, change.words);
  if (inserted === null || inserted === change.words) return null;
  const at = evidence.start - evidence.sentenceStart;
  const before = evidence.sentence;
  return {
    target:
      evidence.kind === 'scene'
        ? { kind: 'scene', sceneId: evidence.sceneId }
        : { kind: 'sheet', characterId: evidence.characterId, field: evidence.field, line: evidence.line },
    edit: { at: evidence.start, removed: change.words, inserted },
    before,
    after: before.slice(0, at) + inserted + before.slice(at + change.words.length),
  };
}

/** The words that say `like`'s fact in the place of `change`'s. */
function wordsFor(attribute: Attribute, change: Fact, like: Fact): string | null {
  const language = languageOf(change.words);
  const sameLanguage = language === languageOf(like.words);
  switch (attribute) {
    case 'hair.colour':
    case 'eyes.colour':
    case 'clothes.colour':
      if (/^(?:redhead|brunette|blonde?)$/i.test(change.words) || /^(?:redhead|brunette)$/i.test(like.words))
        return null;
      return withCase(sameLanguage ? like.words : wordOf(colours[language], like.values), change.words);
    case 'hair.length':
      if (/waist|hips|knees|shoulders|chin/.test(change.words + like.words)) return null;
      return withCase(sameLanguage ? like.words : wordOf(lengths[language], like.values), change.words);
    case 'age': {
      const value = Number(like.values[0]);
      if (like.attribute !== 'age' || change.attribute !== 'age') return null;
      return writeNumber(value, change.words.replace(/岁$/, '')) + (change.words.endsWith('岁') ? '岁' : '');
    }
    case 'brothers':
    case 'sisters':
    case 'children': {
      const value = Number(like.values[0]);
      return Number.isNaN(value) || change.about === 'some' ? null : writeNumber(value, change.words);
    }
    case 'spelling':
      return like.values[0] ?? null;
    case 'hand':
    case 'height':
    case 'build':
    case 'mark.scar':
      return sameLanguage ? withCase(like.words, change.words) : null;
    default:
      return null;
  }
}

const wordOf = (table: Readonly<Record<string, string>>, values: readonly string[]): string | null =>
  Object.keys(table).find((word) => table[word]?.split(' ')[0] === values[0]) ?? null;

const withCase = (word: string | null, like: string): string | null => {
  if (word === null) return null;
  const first = like.charAt(0);
  const isUpper = first !== first.toLowerCase();
  return isUpper
    ? word.charAt(0).toUpperCase() + word.slice(1)
    : word.charAt(0).toLowerCase() + word.slice(1);
};
