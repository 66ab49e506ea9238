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
  /** The phrase itself says "no beard", "without glasses". */
  readonly negatable: boolean;
  /** Who has it stands within or directly before the phrase, so a distant subject does not count. */
  readonly needsSubject?: boolean;
}

/** The span of one capture group of a match. */
export function groupSpan(match: RegExpExecArray, name: string): { start: number; end: number } | null {
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
