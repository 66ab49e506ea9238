import type { RankCandidate, RankEvidence, RankText } from '#shared/models/task.ts';
import type { ImageId } from '#shared/story/ids.ts';

/** A picture's text that may be matched. File names only count where a picture has nothing else. */
export function textsOf({ texts }: RankCandidate): RankText[] {
  const filled = texts.filter(({ text }) => text.trim() !== '');
  const told = filled.filter(({ field }) => field !== 'file');
  return told.length > 0 ? told : filled;
}

/** How texts are compared, by their places in the lists. */
export interface TextMeasure {
  similarity(phrase: number, text: number): number;
  /** What a similarity with this text is worth. */
  strength(similarity: number, text: number): number;
}

/**
 * The phrase and the text of each picture that fit each other best. `texts` are the distinct texts that the measure knows;
 * pictures without any of them have no such evidence.
 */
export function textEvidence(
  candidates: readonly RankCandidate[],
  phrases: readonly string[],
  texts: readonly string[],
  { similarity, strength }: TextMeasure,
): Map<ImageId, RankEvidence> {
  const place = new Map(texts.map((text, index) => [text, index]));
  return new Map(
    candidates.flatMap((candidate) => {
      let best: RankEvidence | null = null;
      for (const matched of textsOf(candidate)) {
        const text = place.get(matched.text);
        if (text === undefined) continue;
        for (const [index, phrase] of phrases.entries()) {
          const score = similarity(index, text);
          if (best === null || score > best.score)
            best = { kind: 'text', matched, phrase, score, strength: strength(score, text) };
        }
      }
      return best === null ? [] : [[candidate.imageId, best] as const];
    }),
  );
}
