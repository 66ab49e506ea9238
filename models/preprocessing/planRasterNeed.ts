import type { RasterNeed } from '#shared/models/raster.ts';
import type { Preprocessor } from './preprocessor.ts';

/** How much larger than a model's own size a picture is decoded, so that the model's exact resizing has pixels to work with. */
const spare = 2;
/** A picture is never decoded larger: 12 MB of pixels. */
const mostPixels = 2048 * 2048;
/** The usual shape of a picture, long to short. */
const usualShape = 16 / 9;

/** Enough for every encoder of before; for models whose way to prepare pictures is not known. */
export const usualRasterNeed: RasterNeed = { shortSidePx: 448, maxPixels: 1_300_000 };

/** The size at which pictures must be decoded for a model, larger ones being shrunk to it. */
export function planRasterNeed(preprocessor: Preprocessor): RasterNeed {
  const { shortSidePx, maxPixels } = wanted(preprocessor);
  return { shortSidePx: Math.round(shortSidePx), maxPixels: Math.round(Math.min(mostPixels, maxPixels)) };
}

function wanted(preprocessor: Preprocessor): RasterNeed {
  switch (preprocessor.kind) {
    case 'square': {
      const { size } = preprocessor;
      if (size === null) return usualRasterNeed;
      const side = 'shortestEdge' in size ? size.shortestEdge : Math.max(size.width, size.height);
      return { shortSidePx: spare * side, maxPixels: (spare * side) ** 2 * usualShape };
    }
    case 'patches':
      // These look at a picture at its own size, up to their most.
      return { shortSidePx: usualRasterNeed.shortSidePx, maxPixels: preprocessor.maxPixels * spare };
    case 'tiles': {
      const edge = preprocessor.longestEdge ?? preprocessor.tile;
      return { shortSidePx: preprocessor.tile, maxPixels: edge ** 2 };
    }
    case 'anyres': {
      const largest = Math.max(...preprocessor.sizes.map(({ width, height }) => width * height));
      return { shortSidePx: preprocessor.tile, maxPixels: largest * spare };
    }
  }
}

/** What is enough for each of several models. */
export const joinRasterNeeds = (needs: readonly RasterNeed[]): RasterNeed =>
  needs.length === 0
    ? usualRasterNeed
    : {
        shortSidePx: Math.max(...needs.map(({ shortSidePx }) => shortSidePx)),
        maxPixels: Math.max(...needs.map(({ maxPixels }) => maxPixels)),
      };
