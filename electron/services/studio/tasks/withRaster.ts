import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import type { RasterFile, RasterNeed } from '#shared/models/raster.ts';
import { diskError } from '../disk/diskError.ts';

export interface RasterSource {
  readonly imaging: Pick<ContractRouterClient<ImagingContract, Record<never, never>>, 'raster'>;
  /** Folder for pixels on their way from imaging to the engine. */
  readonly folder: string;
  /** How large the engine needs them. */
  readonly need: RasterNeed;
}

/** Has a picture decoded, works with its pixels, and removes them again. Errors: image/*, imaging/*, disk/*. */
export async function withRaster<T>(
  { imaging, folder, need }: RasterSource,
  path: string,
  signal: AbortSignal | undefined,
  work: (raster: RasterFile) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw diskError(thrown, folder);
  });
  const to = join(folder, `${randomUUID()}.rgb`);
  try {
    return await work(await imaging.raster({ path, to, ...need }, signal ? { signal } : {}));
  } finally {
    await rm(to, { force: true }).catch(() => undefined);
  }
}
