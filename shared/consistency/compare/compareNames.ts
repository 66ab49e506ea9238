import type { CastMember } from '../people/cast.ts';
import { oneSoundApart } from '../read/readNames.ts';
import type { Fact } from '../read/readTexts.ts';
import type { Conflict } from './compareLooks.ts';

/** A spelling conflict; `isPlace` where the word names no character. */
export interface SpellingConflict extends Conflict {
  readonly isPlace: boolean;
}

/** Words that are nearly a name of the cast, or nearly a word used as a name elsewhere. */
export function compareNames(facts: readonly Fact[], cast: readonly CastMember[]): SpellingConflict[] {
  const words = facts.filter(({ attribute }) => attribute === 'word');
  const introduced = new Set(
    words.filter(({ about }) => about === 'introduced').flatMap(({ values }) => values),
  );
  const uses = countUses(words);
  return [
    ...nearCast(words, cast, introduced, uses),
    ...nearWords(words, cast, introduced, uses),
    ...nearPlaces(facts),
  ];
}

const countUses = (words: readonly Fact[]): Map<string, number> => {
  const uses = new Map<string, number>();
  for (const { values } of words) uses.set(values[0] ?? '', (uses.get(values[0] ?? '') ?? 0) + 1);
  return uses;
};

function nearCast(
  words: readonly Fact[],
  cast: readonly CastMember[],
  introduced: ReadonlySet<string>,
  uses: ReadonlyMap<string, number>,
): SpellingConflict[] {
  const parts = cast.flatMap((member) =>
    member.names.flatMap((name) => name.split(/\s+/)).map((part) => ({ part, member })),
  );
  const known = new Set(parts.map(({ part }) => part));
  return words.flatMap((fact): SpellingConflict[] => {
    const word = fact.values[0] ?? '';
    if (known.has(word) || introduced.has(word) || (uses.get(word) ?? 0) > 2) return [];
    const near = parts.find(({ part, member }) =>
      fact.characterId === null
        ? isMisspelt(word, part)
        : member.id === fact.characterId && oneSoundApart(part, word) > 0,
    );
    if (!near) return [];
    return [
      {
        attribute: 'spelling',
        a: nameFact(fact, near.part, near.member),
        b: fact,
        confidence: fact.certainty * 0.85,
        isPlace: false,
      },
    ];
  });
}

/** The name as it should be, shown where the other spelling stands. */
const nameFact = (fact: Fact, name: string, member: CastMember): Fact => ({
  ...fact,
  characterId: member.id,
  values: [name],
  words: name,
  evidence: {
    kind: 'sheet',
    characterId: member.id,
    field: 'description',
    line: 0,
    start: 0,
    end: 0,
    sentenceStart: 0,
    sentence: name,
  },
});

function nearWords(
  words: readonly Fact[],
  cast: readonly CastMember[],
  introduced: ReadonlySet<string>,
  uses: ReadonlyMap<string, number>,
): SpellingConflict[] {
  const names = new Set(cast.flatMap((member) => member.names.flatMap((name) => name.split(/\s+/))));
  const latin = words.filter(({ values }) => /^\p{Script=Latin}/u.test(values[0] ?? ''));
  const often = new Map(
    latin
      .filter(({ values }) => (uses.get(values[0] ?? '') ?? 0) >= 2 && !names.has(values[0] ?? ''))
      .map((fact) => [fact.values[0] ?? '', fact]),
  );
  return latin.flatMap((fact): SpellingConflict[] => {
    const word = fact.values[0] ?? '';
    if (uses.get(word) !== 1 || names.has(word) || introduced.has(word) || word.length < 6) return [];
    const near = [...often].find(([other]) => isMisspelt(word, other));
    return near ? [{ attribute: 'spelling', a: near[1], b: fact, confidence: 0.7, isPlace: true }] : [];
  });
}

function nearPlaces(facts: readonly Fact[]): SpellingConflict[] {
  const places = facts.filter(({ attribute }) => attribute === 'place-word');
  const uses = countUses(places);
  const often = new Map(
    places
      .filter(({ values }) => (uses.get(values[0] ?? '') ?? 0) >= 2)
      .map((fact) => [fact.values[0] ?? '', fact]),
  );
  return places.flatMap((fact): SpellingConflict[] => {
    const word = fact.values[0] ?? '';
    if (uses.get(word) !== 1) return [];
    const near = [...often].find(
      ([other]) => other.at(-1) === word.at(-1) && oneSoundApart(other, word) === 1,
    );
    return near ? [{ attribute: 'spelling', a: near[1], b: fact, confidence: 0.7, isPlace: true }] : [];
  });
}

/** One letter more, less, other or swapped; two in long words. Plurals and adjectives of a name are no misspellings. */
export function isMisspelt(word: string, name: string): boolean {
  if (word === name || Math.min(word.length, name.length) < 5 || word.charAt(0) !== name.charAt(0))
    return false;
  const [shorter, longer] = word.length < name.length ? [word, name] : [name, word];
  if (longer.startsWith(shorter) && /^(?:s|es|n|an|ian|y|ish|ite)$/.test(longer.slice(shorter.length)))
    return false;
  return distance(word.toLowerCase(), name.toLowerCase()) === 1;
}

/** Edits between two words, a swap of neighbours being one. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 1) return 2;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        (rows[i - 1]?.[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (rows[i - 1]?.[j - 1] ?? 0) + cost,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
