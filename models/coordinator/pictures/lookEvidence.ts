import type { RankEvidence } from '#shared/models/task.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { dot } from '../../runtime/vectors.ts';
import { aboveChance } from './aboveChance.ts';

/** The phrase that each picture looks most like. Vectors are unit vectors of one model; `plain` are those of plain phrases. */
export function lookEvidence(
  phrases: readonly string[],
  vectors: {
    readonly phrases: readonly Float32Array[];
    readonly plain: readonly Float32Array[];
    readonly pictures: ReadonlyMap<ImageId, Float32Array>;
  },
): Map<ImageId, RankEvidence> {
  const pictures = [...vectors.pictures];
  const strengthOf = aboveChance(
    vectors.plain.map((plain) => Float32Array.from(pictures, ([, picture]) => dot(plain, picture))),
  );
  return new Map(
    pictures.flatMap(([imageId, picture], item) => {
      let [best, at] = [Number.NEGATIVE_INFINITY, 0];
      for (const [index, phrase] of vectors.phrases.entries()) {
        const similarity = dot(phrase, picture);
        if (similarity > best) [best, at] = [similarity, index];
      }
      const phrase = phrases[at];
      if (phrase === undefined) return [];
      return [[imageId, { kind: 'looks', phrase, score: best, strength: strengthOf(best, item) }] as const];
    }),
  );
}
