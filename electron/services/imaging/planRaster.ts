interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size at which a picture is decoded for a model: as it is, or shrunk to about `maxPixels`, but no side below
 * `shortSidePx`, so that the model's own exact resizing still has pixels to work with.
 */
export function planRaster(
  { width, height }: Size,
  { shortSidePx, maxPixels }: { readonly shortSidePx: number; readonly maxPixels: number },
): Size {
  const shrink = Math.sqrt(maxPixels / (width * height));
  const least = Math.min(1, shortSidePx / Math.min(width, height));
  const scale = Math.min(1, Math.max(shrink, least));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
