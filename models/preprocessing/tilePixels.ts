import type { TilePreprocessor } from './preprocessor.ts';
import type { Raster } from './raster.ts';
import { resize } from './resize.ts';

/** Tiles along each side of a picture; none where the whole picture is one. */
export interface TileGrid {
  readonly rows: number;
  readonly columns: number;
}

type Size = Pick<Raster, 'width' | 'height'>;

/** Tiles and the whole picture. */
export const tileCount = ({ rows, columns }: TileGrid): number => rows * columns + 1;

/** A size with this longer side and an even shorter one, the shape kept as well as that allows. */
function withLongestEdge({ width, height }: Size, longest: number): Size {
  const ratio = width / height;
  const even = (side: number) => Math.max(1, side + (side % 2));
  return width >= height
    ? { width: longest, height: even(Math.trunc(longest / ratio)) }
    : { width: even(Math.trunc(longest * ratio)), height: longest };
}

/** The smallest size of whole tiles that holds a picture's longer side, the shape kept as well as that allows. */
function inWholeTiles({ width, height }: Size, tile: number): Size {
  const ratio = width / height;
  const whole = (side: number) => Math.ceil(side / tile) * tile;
  return width >= height
    ? { width: whole(width), height: whole(Math.trunc(whole(width) / ratio)) }
    : { width: whole(Math.trunc(whole(height) * ratio)), height: whole(height) };
}

const sizesOf = (size: Size, { longestEdge, tile, cuts }: TilePreprocessor): Size[] => {
  const sized = longestEdge === null ? size : withLongestEdge(size, longestEdge);
  return [sized, cuts ? inWholeTiles(sized, tile) : { width: tile, height: tile }];
};

/** How a picture of this size is cut. */
export function planTiles(size: Size, preprocessor: TilePreprocessor): TileGrid {
  const { tile } = preprocessor;
  const { width, height } = sizesOf(size, preprocessor).at(-1) ?? size;
  const single = width <= tile && height <= tile;
  return single ? { rows: 0, columns: 0 } : { rows: height / tile, columns: width / tile };
}

/** A picture's tiles row by row and the whole picture after them, as SmolVLM wants them; resized as often as its processor does. */
export function cutTiles(raster: Raster, preprocessor: TilePreprocessor): Raster[] {
  const { tile, filter } = preprocessor;
  const sized = sizesOf(raster, preprocessor).reduce<Raster>(
    (picture, { width, height }) => resize(picture, width, height, filter),
    raster,
  );
  const { rows, columns } = planTiles(raster, preprocessor);
  const tiles = Array.from({ length: rows * columns }, (_, index) =>
    part(sized, (index % columns) * tile, Math.floor(index / columns) * tile, tile),
  );
  return [...tiles, resize(sized, tile, tile, filter)];
}

/** The square of a picture whose upper left corner is there. */
export function part({ width, rgb }: Raster, left: number, top: number, side: number): Raster {
  const cut = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    const start = ((top + row) * width + left) * 3;
    cut.set(rgb.subarray(start, start + side * 3), row * side * 3);
  }
  return { width: side, height: side, rgb: cut };
}
