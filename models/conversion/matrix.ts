/** A weight matrix as a linear layer uses it: `rows` outputs by `columns` inputs, row by row. */
export type Matrix = FloatMatrix | Q8Matrix;

export interface FloatMatrix {
  readonly kind: 'fp32';
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** 8-bit weights in blocks along a row: value = (stored − zeroPoint) × scale of its block. */
export interface Q8Matrix {
  readonly kind: 'q8';
  readonly rows: number;
  readonly columns: number;
  readonly blockSize: number;
  readonly values: Uint8Array<ArrayBuffer>;
  /** One per block, `rows × columns / blockSize`. */
  readonly scales: Float32Array<ArrayBuffer>;
  /** One for every block of the matrix; 128 is the symmetric default. */
  readonly zeroPoint: number;
}

/** Rounds to 8 bits symmetrically, block by block: the error of a value is at most half its block's scale. */
export function quantize({ rows, columns, values }: FloatMatrix, blockSize: number): Q8Matrix {
  if (columns % blockSize !== 0)
    throw new RangeError(`${String(columns)} columns in blocks of ${String(blockSize)}`);
  const scales = new Float32Array(values.length / blockSize);
  const stored = new Uint8Array(values.length);
  for (let block = 0; block < scales.length; block++) {
    const start = block * blockSize;
    let largest = 0;
    for (let i = start; i < start + blockSize; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
    const scale = Math.fround(largest / 127);
    scales[block] = scale;
    for (let i = start; i < start + blockSize; i++) {
      stored[i] = scale === 0 ? 128 : Math.round((values[i] ?? 0) / scale) + 128;
    }
  }
  return { kind: 'q8', rows, columns, blockSize, values: stored, scales, zeroPoint: 128 };
}

/** Puts matrices of equal kind and width on top of each other, so that one multiplication serves them all. */
export function stack(matrices: readonly Matrix[]): Matrix {
  const [first] = matrices;
  if (!first) throw new RangeError('nothing to stack');
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  if (first.kind === 'fp32') {
    const parts = matrices.filter((matrix) => matrix.kind === 'fp32');
    return {
      ...first,
      rows,
      values: join(
        parts.map((part) => part.values),
        Float32Array,
      ),
    };
  }
  const parts = matrices.filter((matrix) => matrix.kind === 'q8' && matrix.zeroPoint === first.zeroPoint);
  const same = parts.filter(
    (part): part is Q8Matrix => part.kind === 'q8' && part.blockSize === first.blockSize,
  );
  if (same.length !== matrices.length) throw new RangeError('matrices of different kinds');
  return {
    ...first,
    rows,
    values: join(
      same.map((part) => part.values),
      Uint8Array,
    ),
    scales: join(
      same.map((part) => part.scales),
      Float32Array,
    ),
  };
}

function join<T extends Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  parts: readonly T[],
  make: new (length: number) => T,
): T {
  const whole = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
