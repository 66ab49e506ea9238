import type { SearchQuery } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';

/** The query as a regular expression, sticky to nothing. Errors: input/invalid for a pattern that is none. */
export function patternOf(query: SearchQuery): RegExp {
  const flags = `gu${query.matchCase ? '' : 'i'}`;
  const source = query.regex ? query.text : query.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  try {
    return new RegExp(source, query.regex ? `${flags}m` : flags);
  } catch (thrown) {
    throw new AppError('input/invalid', 'That is no regular expression', {
      details: { reason: thrown instanceof Error ? thrown.message : '' },
      cause: thrown,
    });
  }
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const withoutSpaces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const ofWord = /[\p{L}\p{M}\p{N}_]/u;

/**
 * Whether a match begins and ends where words do. Between letters of a script with spaces that is where the letters
 * end; between Chinese characters it is where the dictionary of the runtime ends a word.
 */
export function isWholeWord(text: string, at: number, length: number): boolean {
  return length > 0 && isBoundary(text, at) && isBoundary(text, at + length);
}

function isBoundary(text: string, at: number): boolean {
  const before = characterBefore(text, at);
  const after = characterAt(text, at);
  if (!ofWord.test(before) || !ofWord.test(after)) return true;
  const beforeHan = withoutSpaces.test(before);
  const afterHan = withoutSpaces.test(after);
  if (!beforeHan && !afterHan) return false;
  if (beforeHan !== afterHan) return true;
  const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 60);
  const end = Math.min(text.length, at + 60);
  return segmenter.segment(text.slice(start, end)).containing(at - start)?.index === at - start;
}

const characterAt = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : '';

function characterBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const isLow = (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00;
  return isLow && at > 1 ? text.slice(at - 2, at) : text.slice(at - 1, at);
}
