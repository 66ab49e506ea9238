import type { Attribute } from '../findings.ts';

/** A phrase of a sentence that tells how somebody looks. Offsets within the sentence. */
export interface Phrase {
  readonly attribute: Attribute;
  readonly about: string;
  readonly values: readonly string[];
  /** The whole noun phrase; whoever stands before it has it. */
  readonly start: number;
  readonly end: number;
  /** The telling words. */
  readonly wordStart: number;
  readonly wordEnd: number;
  /** How sure the wording is, 0…1. */
  readonly certainty: number;
}

/** A stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

type Told = Pick<Phrase, 'attribute' | 'values' | 'certainty'> & { readonly about?: string };

/** A phrase that is a whole match; `word` is where its telling words stand. */
export const phraseAt = ({ index, 0: whole }: RegExpExecArray, word: Span, told: Told): Phrase => ({
  about: '',
  ...told,
  start: index,
  end: index + whole.length,
  wordStart: word.start,
  wordEnd: word.end,
});

/** The words of a table as one pattern, the longest first. */
export const wordsOf = (table: Readonly<Record<string, string>>): string =>
  Object.keys(table)
    .toSorted((a, b) => b.length - a.length)
    .join('|');

/** The span of one capture group of a match. */
export function groupSpan(match: RegExpExecArray, name: string): Span | null {
  const span = match.indices?.groups?.[name];
  return span ? { start: span[0], end: span[1] } : null;
}

const compiled = new Map<string, RegExp>();

/** Every match with indices. Patterns are compiled once. */
export function allMatches(pattern: RegExp, text: string): RegExpExecArray[] {
  const key = `${pattern.flags}/${pattern.source}`;
  const ready = compiled.get(key) ?? new RegExp(pattern.source, [...new Set(`${pattern.flags}dg`)].join(''));
  compiled.set(key, ready);
  return Array.from(text.matchAll(ready));
}
