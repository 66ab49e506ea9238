import type { Language } from '../../story/scene.ts';

type Count = (text: string) => number;

/** Where a text may be cut: sentence beginnings, then words, then characters, as UTF-16 offsets. */
function cutsOf(text: string, language: Language, granularity: 'sentence' | 'word' | 'grapheme'): number[] {
  return Array.from(new Intl.Segmenter(language, { granularity }).segment(text), ({ index }) => index);
}

/** The first of sorted `cuts` for which `fits` holds, given that it holds for every later one too. */
function firstFitting(cuts: readonly number[], fits: (cut: number) => boolean): number | undefined {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(cuts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return cuts[low];
}

/** The longest end of a text that costs at most `budget`, beginning at a sentence if any fits, else at a word. */
export function endWithin(text: string, budget: number, count: Count, language: Language): string {
  if (budget <= 0) return '';
  const recent = text.slice(-12 * budget);
  if (recent.length === text.length && count(text) <= budget) return text;
  for (const granularity of ['sentence', 'word', 'grapheme'] as const) {
    const cuts = cutsOf(recent, language, granularity).filter(
      (cut) => cut > 0 || recent.length === text.length,
    );
    const cut = firstFitting(cuts, (at) => count(recent.slice(at)) <= budget);
    if (cut !== undefined) return recent.slice(cut).trimStart();
  }
  return '';
}

/** The longest beginning of a text, in whole sentences, that costs at most `budget`; empty when none fits. */
export function beginningWithin(text: string, budget: number, count: Count, language: Language): string {
  if (count(text) <= budget) return text;
  const ends = cutsOf(text, language, 'sentence').toReversed();
  const end = firstFitting(ends, (at) => count(text.slice(0, at)) <= budget) ?? 0;
  return text.slice(0, end).trimEnd();
}
