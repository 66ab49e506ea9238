import type { Raster } from '../preprocessing/raster.ts';
import type { TileGrid } from '../preprocessing/tilePixels.ts';

/** How the features of a picture's tiles become lines: what is cut away around them, and what they are scaled to. */
export interface Packing extends TileGrid {
  /** Features along each side of a tile. */
  readonly side: number;
  readonly top: number;
  readonly left: number;
  /** What is left after cutting. */
  readonly inner: { readonly width: number; readonly height: number };
  /** What stands in the prompt: the same, or fewer. */
  readonly packed: { readonly width: number; readonly height: number };
}

/** Features that exceed what is allowed by less than this share stay as they are. */
const toleratedRatio = 1.1;

const toSevenDigits = (value: number): number => Number(value.toFixed(7));

/** Python's `a // b` of numbers with fractions, which is not always the quotient rounded down. */
function floorQuotient(a: number, b: number): number {
  const quotient = (a - (a % b)) / b;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** Plans as LLaVA-OneVision does: no feature of what was only padding, and no more than `mostTiles` tiles have. */
export function planPacking(
  { width, height }: Pick<Raster, 'width' | 'height'>,
  { rows, columns }: TileGrid,
  side: number,
  mostTiles: number,
): Packing {
  const [across, down] = [columns * side, rows * side];
  let [top, left] = [0, 0];
  if (width / height > across / down) {
    top = Math.floor((down - Math.trunc(toSevenDigits(height * (across / width)))) / 2);
  } else {
    left = Math.floor((across - Math.trunc(toSevenDigits(width * (down / height)))) / 2);
  }
  const inner = { width: across - 2 * left, height: down - 2 * top };
  const ratio = Math.sqrt((inner.height * inner.width) / (mostTiles * side ** 2));
  const packed =
    ratio > toleratedRatio
      ? { width: floorQuotient(inner.width, ratio), height: floorQuotient(inner.height, ratio) }
      : inner;
  return { rows, columns, side, top, left, inner, packed };
}

/** Features in the prompt: the whole picture's, and lines that each have an end. */
export const packedCount = ({ side, packed }: Packing): number =>
  side ** 2 + packed.height * (packed.width + 1);

/**
 * Puts features together: those of the whole picture (the first part), then the tiles' (the others, row by row) line by
 * line. Each part holds one row a feature and one more, what ends a line.
 */
export function packTiles(parts: readonly Float32Array[], packing: Packing): Float32Array {
  const { side, columns, top, left, packed } = packing;
  const [whole = new Float32Array(), ...tiles] = parts;
  const each = side ** 2;
  const size = whole.length / (each + 1);
  const lineEnd = whole.subarray(each * size);
  const at = (row: number, column: number): Float32Array => {
    const [y, x] = [row + top, column + left];
    const tile = tiles[Math.floor(y / side) * columns + Math.floor(x / side)] as Float32Array;
    const feature = (y % side) * side + (x % side);
    return tile.subarray(feature * size, (feature + 1) * size);
  };
  const scaled = packed === packing.inner ? at : scaledFrom(at, packing, size);
  const result = new Float32Array(packedCount(packing) * size);
  result.set(whole.subarray(0, each * size));
  let place = each * size;
  for (let row = 0; row < packed.height; row++) {
    for (let column = 0; column < packed.width; column++, place += size) {
      result.set(scaled(row, column), place);
    }
    result.set(lineEnd, place);
    place += size;
  }
  return result;
}

/** Between which two rows or columns a new one lies, and how far from the first. */
function between(index: number, from: number, to: number): readonly [number, number, number] {
  const place = Math.max(0, (index + 0.5) * (from / to) - 0.5);
  const first = Math.floor(place);
  return [first, Math.min(first + 1, from - 1), place - first];
}

/** Bilinear, the edges' centres not aligned, without widening: as PyTorch interpolates. */
function scaledFrom(
  at: (row: number, column: number) => Float32Array,
  { inner, packed }: Packing,
  size: number,
): (row: number, column: number) => Float32Array {
  return (row, column) => {
    const [upper, lower, down] = between(row, inner.height, packed.height);
    const [before, after, right] = between(column, inner.width, packed.width);
    const corners = [at(upper, before), at(upper, after), at(lower, before), at(lower, after)] as const;
    const [a, b, c, d] = corners;
    return Float32Array.from({ length: size }, (_, index) => {
      const above = (a[index] ?? 0) * (1 - right) + (b[index] ?? 0) * right;
      const below = (c[index] ?? 0) * (1 - right) + (d[index] ?? 0) * right;
      return above * (1 - down) + below * down;
    });
  };
}
