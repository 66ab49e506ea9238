import { readFile, stat } from 'node:fs/promises';
import { AppError } from '#shared/errors/AppError.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { Raster } from './raster.ts';

/** Reads pixels that imaging wrote. Errors: image/not-found, image/damaged where there are not as many as said. */
export async function readRaster({ path, width, height }: RasterFile): Promise<Raster> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new AppError('image/not-found', 'The pixels are gone');
  if (facts.size !== width * height * 3) throw new AppError('image/damaged', 'Not as many pixels as said');
  return { width, height, rgb: await readFile(path) };
}
