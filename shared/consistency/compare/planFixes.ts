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

/** The words that say `like`'s fact in the place of `change`'s; `null` where no word can. */
function wordsFor(attribute: Attribute, change: Fact, like: Fact): string | null {
  const language = languageOf(change.words);
  const sameLanguage = language === languageOf(like.words);
  if (/\.colour$/.test(attribute)) {
    if (isNoun(change) || /^(?:redhead|brunette)$/i.test(like.words)) return null;
    return withCase(sameLanguage ? like.words : wordOf(colours[language], like.values), change.words);
  }
  if (attribute === 'hair.length') {
    if (/waist|hips|knees|shoulders|chin/.test(change.words + like.words)) return null;
    return withCase(sameLanguage ? like.words : wordOf(lengths[language], like.values), change.words);
  }
  if (attribute === 'spelling') return like.values[0] ?? null;
  const number = Number(like.values[0]);
  if (attribute === 'age') {
    if (like.attribute !== 'age' || change.attribute !== 'age') return null;
    return writeNumber(number, change.words.replace(/岁$/, '')) + (change.words.endsWith('岁') ? '岁' : '');
  }
  if (/^(?:brothers|sisters|children)$/.test(attribute)) {
    return Number.isNaN(number) || change.about === 'some' ? null : writeNumber(number, change.words);
  }
  return sameLanguage && exchangeable.has(attribute) ? withCase(like.words, change.words) : null;
}

/** "A redhead", "a blonde": no adjective can stand there. */
function isNoun({ words, evidence }: Fact): boolean {
  const at = evidence.start - evidence.sentenceStart;
  const before = evidence.sentence.slice(0, at);
  const after = evidence.sentence.slice(at + words.length);
  if (/^(?:redhead|brunette)$/i.test(words)) return true;
  return /^blonde?$/i.test(words) && /(?:^|\s)an?\s+$/i.test(before) && !/^\s+\p{L}/u.test(after);
}

/** What is told in a word that may simply stand in the other's place. */
const exchangeable = new Set<Attribute>(['hand', 'height', 'build', 'mark.scar']);

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
