import type { AnyresPreprocessor } from './preprocessor.ts';
import type { Raster } from './raster.ts';
import { resize } from './resize.ts';
import { part, type TileGrid } from './tilePixels.ts';

type Size = Pick<Raster, 'width' | 'height'>;

/** The size that shows most of a picture's own pixels; of several, the one with the least around it. */
function bestSize({ width, height }: Size, { sizes }: AnyresPreprocessor): Size {
  let best: Size = sizes[0] ?? { width, height };
  let [shown, wasted] = [0, Number.POSITIVE_INFINITY];
  for (const size of sizes) {
    const scale = Math.min(size.width / width, size.height / height);
    const scaled = Math.trunc(width * scale) * Math.trunc(height * scale);
    const seen = Math.min(scaled, width * height);
    const empty = size.width * size.height - seen;
    if (seen > shown || (seen === shown && empty < wasted)) [best, shown, wasted] = [size, seen, empty];
  }
  return best;
}

/** The size that a picture itself takes within a larger one. */
function sizeWithin({ width, height }: Size, within: Size): Size {
  const [across, down] = [within.width / width, within.height / height];
  return across < down
    ? { width: within.width, height: Math.min(Math.ceil(height * across), within.height) }
    : { width: Math.min(Math.ceil(width * down), within.width), height: within.height };
}

/** How many tiles a picture of this size is cut into. */
export function planAnyres(size: Size, preprocessor: AnyresPreprocessor): TileGrid {
  const { width, height } = bestSize(size, preprocessor);
  return { rows: Math.floor(height / preprocessor.tile), columns: Math.floor(width / preprocessor.tile) };
}

/** The whole picture as one tile, whatever its shape, then its tiles row by row, as LLaVA-OneVision wants them. */
export function cutAnyres(raster: Raster, preprocessor: AnyresPreprocessor): Raster[] {
  const { tile, filter } = preprocessor;
  const best = bestSize(raster, preprocessor);
  const { width, height } = sizeWithin(raster, best);
  const canvas = onCanvas(resize(raster, width, height, filter), best, [0, 0, 0]);
  const { rows, columns } = planAnyres(raster, preprocessor);
  const tiles = Array.from({ length: rows * columns }, (_, index) =>
    part(canvas, (index % columns) * tile, Math.floor(index / columns) * tile, tile),
  );
  return [resize(raster, tile, tile, filter), ...tiles];
}

/** The whole picture as one tile, its shape kept: what is seen of pictures that share a prompt. */
export function asSquare(raster: Raster, { tile, filter, background }: AnyresPreprocessor): Raster {
  const side = Math.max(raster.width, raster.height);
  return resize(onCanvas(raster, { width: side, height: side }, background), tile, tile, filter);
}

/** A picture in the middle of a larger one. */
function onCanvas(
  raster: Raster,
  { width, height }: Size,
  colour: readonly [number, number, number],
): Raster {
  if (raster.width === width && raster.height === height) return raster;
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set(colour, at);
  const left = Math.floor((width - raster.width) / 2);
  const top = Math.floor((height - raster.height) / 2);
  const line = raster.width * 3;
  for (let row = 0; row < raster.height; row++) {
    rgb.set(raster.rgb.subarray(row * line, (row + 1) * line), ((top + row) * width + left) * 3);
  }
  return { width, height, rgb };
}
