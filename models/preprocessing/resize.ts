import type { Raster } from './raster.ts';

/** How a pixel is computed from those around it, in the words of image libraries. */
export type Filter = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';

interface Kernel {
  /** How far it reaches, in pixels of the larger picture. */
  readonly support: number;
  weight(distance: number): number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const kernels: Readonly<Record<Exclude<Filter, 'nearest'>, Kernel>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys' cubic with a = −0.5.
  bicubic: {
    support: 2,
    weight(distance) {
      const x = Math.abs(distance);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Fixed-point digits of a weight: 32 bits less 8 of the pixel and 2 of headroom, as Pillow has it. */
const precisionBits = 22;
const half = 1 << (precisionBits - 1);

/** For every new pixel along one side: where its old pixels begin, and their weights in fixed point. */
interface Coefficients {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  /** Places in `weights` for one new pixel. */
  readonly stride: number;
}

function coefficientsOf(from: number, to: number, { support, weight }: Kernel): Coefficients {
  const scale = from / to;
  const filterScale = Math.max(scale, 1);
  const reach = support * filterScale;
  const stride = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Int32Array(to * stride);
  const exact = new Float64Array(stride);
  for (let pixel = 0; pixel < to; pixel++) {
    const centre = (pixel + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const count = Math.min(from, Math.trunc(centre + reach + 0.5)) - start;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const one = weight((index + start - centre + 0.5) / filterScale);
      exact[index] = one;
      sum += one;
    }
    for (let index = 0; index < count; index++) {
      const part = ((exact[index] ?? 0) / (sum === 0 ? 1 : sum)) * (1 << precisionBits);
      weights[pixel * stride + index] = Math.trunc(part < 0 ? part - 0.5 : part + 0.5);
    }
    starts[pixel] = start;
    counts[pixel] = count;
  }
  return { starts, counts, weights, stride };
}

const toByte = (sum: number): number => {
  const value = sum >> precisionBits;
  if (value < 0) return 0;
  return value > 255 ? 255 : value;
};

/** Part of one side of a picture, in pixels. */
interface Span {
  readonly start: number;
  readonly count: number;
}

const whole = (count: number): Span => ({ start: 0, count });

// `Math.imul` and `| 0`: sums stay within 32 bits, and the compiler need not look out for larger ones.

function resizeRows({ width, height, rgb }: Raster, newWidth: number, kept: Span, kernel: Kernel): Raster {
  const { starts, counts, weights, stride } = coefficientsOf(width, newWidth, kernel);
  const result = new Uint8Array(kept.count * height * 3);
  let at = 0;
  for (let row = 0; row < height; row++) {
    const line = row * width * 3;
    for (let column = kept.start; column < kept.start + kept.count; column++) {
      let place = line + (starts[column] as number) * 3;
      const first = column * stride;
      const end = first + (counts[column] as number);
      let red = half;
      let green = half;
      let blue = half;
      for (let index = first; index < end; index++, place += 3) {
        const weight = weights[index] as number;
        red = (red + Math.imul(weight, rgb[place] as number)) | 0;
        green = (green + Math.imul(weight, rgb[place + 1] as number)) | 0;
        blue = (blue + Math.imul(weight, rgb[place + 2] as number)) | 0;
      }
      result[at++] = toByte(red);
      result[at++] = toByte(green);
      result[at++] = toByte(blue);
    }
  }
  return { width: kept.count, height, rgb: result };
}

function resizeColumns(
  { width, height, rgb }: Raster,
  newHeight: number,
  kept: Span,
  kernel: Kernel,
): Raster {
  const { starts, counts, weights, stride } = coefficientsOf(height, newHeight, kernel);
  const line = width * 3;
  const result = new Uint8Array(line * kept.count);
  const sums = new Int32Array(line);
  for (let row = kept.start; row < kept.start + kept.count; row++) {
    sums.fill(half);
    const first = row * stride;
    const count = counts[row] as number;
    // Four lines at a time, so that a sum is loaded and stored once for four of them; weights behind the last are 0.
    for (let index = 0; index < count; index += 4) {
      const from = ((starts[row] as number) + index) * line;
      const last = (count - 1 - index) * line;
      const second = Math.min(line, last);
      const third = Math.min(2 * line, last);
      const fourth = Math.min(3 * line, last);
      const weight0 = weights[first + index] as number;
      const weight1 = index + 1 < count ? (weights[first + index + 1] as number) : 0;
      const weight2 = index + 2 < count ? (weights[first + index + 2] as number) : 0;
      const weight3 = index + 3 < count ? (weights[first + index + 3] as number) : 0;
      for (let place = 0, at = from; place < line; place++, at++) {
        sums[place] =
          (sums[place] as number) +
          Math.imul(weight0, rgb[at] as number) +
          Math.imul(weight1, rgb[at + second] as number) +
          Math.imul(weight2, rgb[at + third] as number) +
          Math.imul(weight3, rgb[at + fourth] as number);
      }
    }
    const to = (row - kept.start) * line;
    for (let place = 0; place < line; place++) result[to + place] = toByte(sums[place] as number);
  }
  return { width, height: kept.count, rgb: result };
}

/** The old place of every new one, added up step by step: the rounding is part of the result. */
function nearestPlaces(from: number, to: number): Int32Array {
  const scale = from / to;
  let place = scale * 0.5;
  return Int32Array.from({ length: to }, () => {
    const here = Math.trunc(place);
    place += scale;
    return here;
  });
}

function pickNearest({ width, height, rgb }: Raster, newWidth: number, newHeight: number): Raster {
  const [columns, rows] = [nearestPlaces(width, newWidth), nearestPlaces(height, newHeight)];
  const result = new Uint8Array(newWidth * newHeight * 3);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const place = (row * width + column) * 3;
      result.set(rgb.subarray(place, place + 3), at);
      at += 3;
    }
  }
  return { width: newWidth, height: newHeight, rgb: result };
}

/** A rectangle of a picture. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A picture at another size, with the very bytes that Pillow's `Image.resize` gives: the filter widens when shrinking,
 * rows first, then columns, rounded to bytes in between. The models were trained on such pixels.
 */
export function resize(raster: Raster, width: number, height: number, filter: Filter): Raster {
  if (raster.width === width && raster.height === height) return raster;
  if (filter === 'nearest') return pickNearest(raster, width, height);
  return resizeSpans(raster, [width, whole(width)], [height, whole(height)], kernels[filter]);
}

/** A part of what `resize` gives, without computing the rest. The part must lie inside. */
export function resizePart(
  raster: Raster,
  width: number,
  height: number,
  part: Part,
  filter: Exclude<Filter, 'nearest'>,
): Raster {
  const [across, down] = [
    { start: part.left, count: part.width },
    { start: part.top, count: part.height },
  ];
  return resizeSpans(raster, [width, across], [height, down], kernels[filter]);
}

/** A side that keeps its length and is kept whole is left as it is. */
function resizeSpans(
  raster: Raster,
  [width, across]: readonly [number, Span],
  [height, down]: readonly [number, Span],
  kernel: Kernel,
): Raster {
  const stays = raster.width === width && across.count === width;
  const wide = stays ? raster : resizeRows(raster, width, across, kernel);
  return wide.height === height && down.count === height ? wide : resizeColumns(wide, height, down, kernel);
}
