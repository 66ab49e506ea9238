import type { RankCandidate, RankedImage, RankText } from '#shared/models/task.ts';

/** A picture's text that may be matched. File names only count where a picture has nothing else. */
export function textsOf({ texts }: RankCandidate): RankText[] {
  const filled = texts.filter(({ text }) => text.trim() !== '');
  const told = filled.filter(({ field }) => field !== 'file');
  return told.length > 0 ? told : filled;
}

/** Similarity of a phrase and a picture's text, by their places in the lists. */
export type Similarity = (phrase: number, text: number) => number;

/**
 * Every picture with the phrase and the text of it that fit each other best, best picture first; equal scores keep the
 * pictures' order. `texts` are the distinct texts that `similarity` knows.
 */
export function rankByText(
  candidates: readonly RankCandidate[],
  phrases: readonly string[],
  texts: readonly string[],
  similarity: Similarity,
): RankedImage[] {
  const place = new Map(texts.map((text, index) => [text, index]));
  return candidates
    .flatMap((candidate) => {
      let best: RankedImage | null = null;
      for (const matched of textsOf(candidate)) {
        const text = place.get(matched.text);
        if (text === undefined) continue;
        for (const [index, phrase] of phrases.entries()) {
          const score = similarity(index, text);
          if (best === null || score > best.score)
            best = { imageId: candidate.imageId, score, matched, phrase };
        }
      }
      return best === null ? [] : [best];
    })
    .toSorted((a, b) => b.score - a.score);
}
