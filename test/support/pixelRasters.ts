import type {
  PatchPreprocessor,
  Preprocessor,
  SquarePreprocessor,
} from '#models/preprocessing/preprocessor.ts';
import type { Raster } from '#models/preprocessing/raster.ts';

/**
 * The pictures that become exactly these pixel values: already at the size their encoder takes, so that no decoder of JPEG
 * files comes between PyTorch's answer and ours.
 */
export function pixelRasters(
  preprocessor: Preprocessor,
  values: Float32Array,
  shape: readonly number[],
  grids: readonly (readonly number[])[] = [],
): Raster[] {
  if (preprocessor.kind === 'square') return squareRasters(preprocessor, values, shape);
  if (preprocessor.kind === 'patches') return patchRasters(preprocessor, values, grids);
  throw new Error('what cuts pictures into tiles is compared from the picture on');
}

function byteOf({ normalisation }: Preprocessor, value: number, colour: number): number {
  const { scale, mean, deviation } = normalisation;
  return Math.round((value * (deviation[colour] ?? 1) + (mean[colour] ?? 0)) / scale);
}

function squareRasters(
  preprocessor: SquarePreprocessor,
  values: Float32Array,
  [count = 0, , height = 0, width = 0]: readonly number[],
): Raster[] {
  const plane = height * width;
  return Array.from({ length: count }, (_, picture) => ({
    width,
    height,
    rgb: Uint8Array.from({ length: 3 * plane }, (_byte, at) => {
      const [pixel, colour] = [Math.floor(at / 3), at % 3];
      return byteOf(preprocessor, values[(picture * 3 + colour) * plane + pixel] ?? 0, colour);
    }),
  }));
}

function patchRasters(
  preprocessor: PatchPreprocessor,
  values: Float32Array,
  grids: readonly (readonly number[])[],
): Raster[] {
  const { patchSize: size, mergeSize: merge, temporalPatchSize: moments } = preprocessor;
  let patch = 0;
  return grids.map(([, down = 0, across = 0]) => {
    const [height, width] = [down * size, across * size];
    const rgb = new Uint8Array(3 * height * width);
    for (let index = 0; index < down * across; index++, patch++) {
      const block = Math.floor(index / merge ** 2);
      const blocksAcross = across / merge;
      const row = Math.floor(block / blocksAcross) * merge + Math.floor((index % merge ** 2) / merge);
      const column = (block % blocksAcross) * merge + (index % merge);
      for (let colour = 0; colour < 3; colour++) {
        for (let pixel = 0; pixel < size * size; pixel++) {
          const from =
            ((patch * 3 + colour) * moments * size + Math.floor(pixel / size)) * size + (pixel % size);
          const y = row * size + Math.floor(pixel / size);
          const x = column * size + (pixel % size);
          rgb[(y * width + x) * 3 + colour] = byteOf(preprocessor, values[from] ?? 0, colour);
        }
      }
    }
    return { width, height, rgb };
  });
}
