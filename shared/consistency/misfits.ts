/** A picture that is unlike the set it is held against. Scores are mean cosine similarities. */
export interface Misfit {
  readonly index: number;
  readonly score: number;
  /** The least score at which it would still fit. */
  readonly least: number;
}

/** Fewer pictures define nothing: their own spread is not known. */
export const leastSet = 3;

/** Pictures of one hand differ by this much anyhow. A choice, not measured on real pictures yet. */
const leastSpread = 0.03;

/**
 * Which of `others` are further from `set` than three times the spread of its own similarities. `similarities` holds
 * one row a picture, each pair's cosine; only relations within it count, so it does not matter which model made it.
 */
export function findMisfits(
  similarities: readonly (readonly number[])[],
  set: readonly number[],
  others: readonly number[],
): Misfit[] {
  if (set.length < leastSet) return [];
  const meanTo = (index: number, to: readonly number[]) =>
    mean(to.map((other) => similarities[index]?.[other] ?? 0));
  const pairs = set.flatMap((one, at) => set.slice(at + 1).map((other) => similarities[one]?.[other] ?? 0));
  const usual = mean(pairs);
  const spread = Math.sqrt(mean(pairs.map((pair) => (pair - usual) ** 2)));
  const least = usual - 3 * Math.max(spread, leastSpread);
  return others.flatMap((index): Misfit[] => {
    const score = meanTo(index, set);
    return score < least ? [{ index, score, least }] : [];
  });
}

/** Members of a set that are unlike the rest of it, each held against all others. */
export function findOutsiders(
  similarities: readonly (readonly number[])[],
  set: readonly number[],
): Misfit[] {
  return set.flatMap((index) =>
    findMisfits(
      similarities,
      set.filter((other) => other !== index),
      [index],
    ),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
