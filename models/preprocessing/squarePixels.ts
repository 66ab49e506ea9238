import type { Normalisation, SquarePreprocessor } from './preprocessor.ts';
import type { Raster } from './raster.ts';
import { resize, resizePart } from './resize.ts';

/** Pixel values of pictures: f32[n,3,height,width], one picture after the other. */
export interface PixelValues {
  readonly data: Float32Array;
  readonly shape: readonly [number, number, number, number];
}

/** The value of every byte in each colour. */
export function valuesOf({ scale, mean, deviation }: Normalisation): readonly Float32Array[] {
  return mean.map((average, colour) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte * scale - average) / (deviation[colour] ?? 1)),
  );
}

/** The middle of a picture; black where it is smaller. */
export function cropMiddle(raster: Raster, width: number, height: number): Raster {
  if (raster.width === width && raster.height === height) return raster;
  const left = Math.floor((raster.width - width) / 2);
  const top = Math.floor((raster.height - height) / 2);
  const rgb = new Uint8Array(width * height * 3);
  const firstColumn = Math.max(0, left);
  const lastColumn = Math.min(raster.width, left + width);
  for (let row = Math.max(0, top); row < Math.min(raster.height, top + height); row++) {
    const line = raster.rgb.subarray(
      (row * raster.width + firstColumn) * 3,
      (row * raster.width + lastColumn) * 3,
    );
    rgb.set(line, ((row - top) * width + firstColumn - left) * 3);
  }
  return { width, height, rgb };
}

/** A picture at the size that its encoder takes. */
export function fitPicture(raster: Raster, { size, crop, filter }: SquarePreprocessor): Raster {
  if (size === null) return crop === null ? raster : cropMiddle(raster, crop.width, crop.height);
  const [width, height] = sizeOf(raster, size);
  if (crop === null) return resize(raster, width, height, filter);
  if (filter === 'nearest' || crop.width > width || crop.height > height) {
    return cropMiddle(resize(raster, width, height, filter), crop.width, crop.height);
  }
  const left = Math.floor((width - crop.width) / 2);
  const top = Math.floor((height - crop.height) / 2);
  return resizePart(raster, width, height, { left, top, ...crop }, filter);
}

function sizeOf(
  { width, height }: Raster,
  size: NonNullable<SquarePreprocessor['size']>,
): readonly [width: number, height: number] {
  if (!('shortestEdge' in size)) return [size.width, size.height];
  const [short, long] = width < height ? [width, height] : [height, width];
  const longer = Math.trunc((size.shortestEdge * long) / short);
  return width < height ? [size.shortestEdge, longer] : [longer, size.shortestEdge];
}

/** Prepares pictures as CLIP, SigLIP, BLIP-2 and LLaVA want them. All must come out at one size. */
export const squarePixels = (preprocessor: SquarePreprocessor, rasters: readonly Raster[]): PixelValues =>
  pixelsOf(
    rasters.map((raster) => fitPicture(raster, preprocessor)),
    preprocessor.normalisation,
  );

/** The values of pictures as they are; all must have one size. */
export function pixelsOf(rasters: readonly Raster[], normalisation: Normalisation): PixelValues {
  const values = valuesOf(normalisation);
  const [{ width, height } = { width: 0, height: 0 }] = rasters;
  const plane = width * height;
  const data = new Float32Array(rasters.length * 3 * plane);
  for (const [picture, raster] of rasters.entries()) {
    if (raster.width !== width || raster.height !== height) throw new RangeError('pictures of several sizes');
    for (let colour = 0; colour < 3; colour++) {
      const levels = values[colour] as Float32Array;
      const start = (picture * 3 + colour) * plane;
      for (let pixel = 0; pixel < plane; pixel++) {
        data[start + pixel] = levels[raster.rgb[pixel * 3 + colour] as number] as number;
      }
    }
  }
  return { data, shape: [rasters.length, 3, height, width] };
}
