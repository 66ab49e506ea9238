/** The same direction at length 1. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, component) => sum + component * component, 0));
  return length === 0 ? vector.slice() : vector.map((component) => component / length);
}

/** Mean of rows that lie one after the other. */
export function meanOfRows(values: Float32Array, rows: number): Float32Array {
  const size = values.length / rows;
  return Float32Array.from({ length: size }, (_, column) => {
    let sum = 0;
    for (let at = column; at < values.length; at += size) sum += values[at] ?? 0;
    return sum / rows;
  });
}

/** Inner product; of unit vectors, the cosine of the angle between them. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
