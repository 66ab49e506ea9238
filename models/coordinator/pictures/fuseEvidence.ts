import type { RankEvidence, RankedImage } from '#shared/models/task.ts';
import type { ImageId } from '#shared/story/ids.ts';

/** Strength at which it is as likely as not that a picture fits. */
const evenStrength = 2;

/** A strength as a share of 1, for people. */
const shareOf = (strength: number): number => 1 / (1 + Math.exp(evenStrength - strength));

/**
 * Joins what speaks for each picture: its looks and its words. The strongest evidence decides, for both kinds have one
 * unit (see `aboveChance`): a picture without a caption is judged by its looks, one with a good caption by that, and a
 * caption that says something else takes nothing away. Best first; equal ones keep the pictures' order.
 */
export function fuseEvidence(
  images: readonly ImageId[],
  kinds: readonly ReadonlyMap<ImageId, RankEvidence>[],
): RankedImage[] {
  return images
    .flatMap((imageId) => {
      const evidence = kinds
        .flatMap((kind) => kind.get(imageId) ?? [])
        .toSorted((a, b) => b.strength - a.strength);
      const [strongest] = evidence;
      return strongest ? [{ imageId, score: shareOf(strongest.strength), evidence }] : [];
    })
    .toSorted((a, b) => b.score - a.score);
}
