/** Rows of similarities, one column for each item that may be found. */
export type Rows = readonly ArrayLike<number>[];

/** Where similarities are all alike, differences mean nothing. */
const leastDeviation = 1e-3;

/**
 * How far a similarity is above what the item has by chance, in standard deviations: its mean with phrases about nothing
 * in particular is taken off, and what remains is divided by how much such phrases differ. So scores of different
 * models, and of texts and pictures, have one unit, and a picture that is a little like everything gains nothing by it.
 */
export function aboveChance(chance: Rows): (similarity: number, item: number) => number {
  const items = chance[0]?.length ?? 0;
  const means = Array.from(
    { length: items },
    (_, item) => chance.reduce((sum, row) => sum + (row[item] ?? 0), 0) / chance.length,
  );
  let squares = 0;
  for (const row of chance)
    for (let item = 0; item < items; item++) squares += ((row[item] ?? 0) - (means[item] ?? 0)) ** 2;
  const deviation = Math.max(leastDeviation, Math.sqrt(squares / Math.max(1, items * chance.length)));
  return (similarity, item) => (similarity - (means[item] ?? 0)) / deviation;
}
