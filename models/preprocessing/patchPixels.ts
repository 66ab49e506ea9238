import { AppError } from '#shared/errors/AppError.ts';
import type { PatchPreprocessor } from './preprocessor.ts';
import type { Raster } from './raster.ts';
import { resize } from './resize.ts';
import { valuesOf } from './squarePixels.ts';

/** Patches of pictures: f32[patches, 3 × temporal × size × size]; and how many there are along each side. */
export interface PatchValues {
  readonly data: Float32Array;
  readonly shape: readonly [patches: number, values: number];
  readonly grids: readonly Grid[];
}

/** Patches along time, height and width of one picture. */
export interface Grid {
  readonly time: number;
  readonly height: number;
  readonly width: number;
}

/** Rounds halves to the even neighbour, as Python does. */
const roundHalfEven = (value: number): number => {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
};

const longestShape = 200;

/**
 * The size at which a picture is cut into patches: both sides multiples of `factor`, the number of pixels within limits, the
 * shape kept as well as that allows. Errors: input/invalid for a picture longer than 200:1.
 */
export function smartSize(
  { width, height }: Pick<Raster, 'width' | 'height'>,
  factor: number,
  { minPixels, maxPixels }: Pick<PatchPreprocessor, 'minPixels' | 'maxPixels'>,
): { width: number; height: number } {
  if (Math.max(width, height) / Math.min(width, height) > longestShape) {
    throw new AppError('input/invalid', 'The picture is too long for its width', {
      details: { width, height },
    });
  }
  const rounded = {
    width: roundHalfEven(width / factor) * factor,
    height: roundHalfEven(height / factor) * factor,
  };
  const pixels = rounded.width * rounded.height;
  if (pixels > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    const down = (length: number) => Math.max(factor, Math.floor(length / shrink / factor) * factor);
    return { width: down(width), height: down(height) };
  }
  if (pixels < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    const up = (length: number) => Math.ceil((length * grow) / factor) * factor;
    return { width: up(width), height: up(height) };
  }
  return rounded;
}

/**
 * Prepares pictures as Qwen-VL wants them: patches in blocks of merge × merge, so that those which become one token lie
 * together; a still picture stands for every moment of its time patch.
 */
export function patchPixels(preprocessor: PatchPreprocessor, rasters: readonly Raster[]): PatchValues {
  const { patchSize, temporalPatchSize, mergeSize, filter } = preprocessor;
  const values = valuesOf(preprocessor.normalisation);
  const sized = rasters.map((raster) => {
    const { width, height } = smartSize(raster, patchSize * mergeSize, preprocessor);
    return resize(raster, width, height, filter);
  });
  const grids = sized.map(({ width, height }) => ({
    time: 1,
    height: height / patchSize,
    width: width / patchSize,
  }));
  const patches = grids.reduce((sum, grid) => sum + grid.height * grid.width, 0);
  const valuesEach = 3 * temporalPatchSize * patchSize * patchSize;
  const data = new Float32Array(patches * valuesEach);
  let at = 0;
  const writePatch = ({ width, rgb }: Raster, top: number, left: number): void => {
    for (let colour = 0; colour < 3; colour++) {
      const levels = values[colour] as Float32Array;
      const first = at;
      for (let row = top; row < top + patchSize; row++) {
        for (let column = left; column < left + patchSize; column++) {
          data[at++] = levels[rgb[(row * width + column) * 3 + colour] as number] as number;
        }
      }
      for (let moment = 1; moment < temporalPatchSize; moment++) {
        data.copyWithin(at, first, first + patchSize * patchSize);
        at += patchSize * patchSize;
      }
    }
  };
  for (const [index, grid] of grids.entries()) {
    const raster = sized[index] as Raster;
    for (let row = 0; row < grid.height; row += mergeSize) {
      for (let column = 0; column < grid.width; column += mergeSize) {
        for (let inner = 0; inner < mergeSize * mergeSize; inner++) {
          const down = row + Math.floor(inner / mergeSize);
          const right = column + (inner % mergeSize);
          writePatch(raster, down * patchSize, right * patchSize);
        }
      }
    }
  }
  return { data, shape: [patches, valuesEach], grids };
}
