import { isPictureToken, pictureOf } from './pictureTokens.ts';

/** Features of a picture along time, height and width. */
export interface FeatureGrid {
  readonly time: number;
  readonly height: number;
  readonly width: number;
}

/** Where each token from `from` on stands, counted from 0: the same along all three axes. */
export function plainPositions(length: number, from: number): Int32Array {
  return Int32Array.from({ length: 3 * (length - from) }, (_, index) => from + Math.floor(index / 3));
}

/**
 * Time, height and width of each token from `from` on. Text walks along all three at once; a picture's features lie on a
 * grid that begins where the text before ended; what follows goes on behind the largest of them.
 */
export function gridPositions(
  tokens: readonly number[],
  from: number,
  gridOf: (key: number) => FeatureGrid,
): Int32Array {
  const positions = new Int32Array(3 * (tokens.length - from));
  const put = (index: number, time: number, height: number, width: number): void => {
    if (index >= from) positions.set([time, height, width], 3 * (index - from));
  };
  let next = 0;
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] as number;
    if (!isPictureToken(token)) {
      put(index++, next, next, next);
      next += 1;
      continue;
    }
    const { key } = pictureOf(token);
    const { time, height, width } = gridOf(key);
    let current = token;
    do {
      const { feature } = pictureOf(current);
      const row = Math.floor(feature / width);
      put(index++, next + Math.floor(row / height), next + (row % height), next + (feature % width));
      current -= 1;
    } while (index < tokens.length && tokens[index] === current);
    next += Math.max(time, height, width);
  }
  return positions;
}

/** Turns keys and queries by their positions, as the model was trained. */
export interface Rotation {
  /** Turns in a circle of 2π · theta^(2i / headSize) tokens. */
  readonly theta: number;
  readonly headSize: number;
  /** Frequencies that follow time, height and width; one axis alone where it is missing. */
  readonly sections?: readonly [number, number, number] | undefined;
}

/** Rows of cosines and sines for positions given as triples. Rounded as float32 arithmetic does, step by step. */
export function rotaryRows(
  positions: Int32Array,
  { theta, headSize, sections }: Rotation,
): { cos: Float32Array; sin: Float32Array; rows: number } {
  const half = headSize / 2;
  const rows = positions.length / 3;
  const [time, height] = sections ?? [half, 0];
  const frequencies = Float32Array.from({ length: half }, (_, index) =>
    Math.fround(1 / Math.fround(theta ** Math.fround((2 * index) / headSize))),
  );
  const [cos, sin] = [new Float32Array(rows * half), new Float32Array(rows * half)];
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < half; index++) {
      const axis = index < time ? 0 : index < time + height ? 1 : 2;
      const angle = Math.fround((positions[3 * row + axis] as number) * (frequencies[index] as number));
      cos[row * half + index] = Math.cos(angle);
      sin[row * half + index] = Math.sin(angle);
    }
  }
  return { cos, sin, rows };
}
