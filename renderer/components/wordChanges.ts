import { diffArrays } from 'diff';
import type { Language } from '#shared/story/scene.ts';

/** A piece of a comparison; unchanged text far from any change is shortened. */
export interface WordChange {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

const maxWords = 60_000;
const contextCharacters = 160;

const wordsOf = (text: string, language: Language): string[] =>
  Array.from(new Intl.Segmenter(language, { granularity: 'word' }).segment(text), ({ segment }) => segment);

function shorten(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= contextCharacters * 2) return text;
  const head = isFirst ? '' : text.slice(0, contextCharacters);
  const tail = isLast ? '' : text.slice(-contextCharacters);
  return `${head} … ${tail}`.trimStart();
}

/** Compares two texts word by word (Chinese by its own word borders); very long texts paragraph by paragraph. */
export function wordChanges(before: string, after: string, language: Language): WordChange[] {
  const long = before.length + after.length > maxWords * 6;
  const cut = (text: string) => (long ? text.split(/(?<=\n)/) : wordsOf(text, language));
  const parts = diffArrays(cut(before), cut(after));
  return parts.map((part, index) => {
    const text = part.value.join('');
    if (part.added) return { kind: 'added', text };
    if (part.removed) return { kind: 'removed', text };
    return { kind: 'same', text: shorten(text, index === 0, index === parts.length - 1) };
  });
}
