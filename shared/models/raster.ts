import { z } from 'zod';

const side = z.number().int().positive().max(65_535);

/** A decoded picture in a file: rows of RGB bytes from the top left, no padding. Pixels are too many for a message. */
export const RasterFile = z.object({ path: z.string(), width: side, height: side });
export type RasterFile = z.infer<typeof RasterFile>;

/** How large a picture must be decoded: a larger one is shrunk to `maxPixels`, but no side below `shortSidePx`. */
export const RasterNeed = z.object({
  shortSidePx: z.number().int().positive(),
  maxPixels: z.number().int().positive(),
});
export type RasterNeed = z.infer<typeof RasterNeed>;
