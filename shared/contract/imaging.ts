import { oc } from '@orpc/contract';
import { z } from 'zod';
import { RasterFile } from '../models/raster.ts';
import { ImageFormat } from '../story/image.ts';

export const ImageFacts = z.object({
  format: ImageFormat,
  /** Upright, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int().positive(),
  animated: z.boolean(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ImageFacts = z.infer<typeof ImageFacts>;

/** Decodes hostile bytes, in a process of its own. Errors: image/*. */
export const imagingContract = {
  /** Checks a file from outside: magic bytes, size limits, a full decode. */
  inspect: oc.input(z.object({ path: z.string() })).output(ImageFacts),
  /** Writes an upright WebP, at most `widthPx` wide, without metadata, to `to`. */
  thumbnail: oc.input(z.object({ path: z.string(), to: z.string(), widthPx: z.number().int().positive() })),
  /**
   * Writes the pixels that a model looks at to `to`: the first frame, upright, in sRGB, on white. A larger picture is
   * shrunk to `maxPixels`, but no side below `shortSidePx`.
   */
  raster: oc
    .input(
      z.object({
        path: z.string(),
        to: z.string(),
        shortSidePx: z.number().int().positive(),
        maxPixels: z.number().int().positive(),
      }),
    )
    .output(RasterFile),
};
export type ImagingContract = typeof imagingContract;
