import { implement } from '@orpc/server';
import { imagingContract } from '#shared/contract/imaging.ts';
import { createImagingService } from './createImagingService.ts';

const imaging = implement(imagingContract);

/** The imaging contract, ready to be served. */
export function createImagingRouter() {
  const service = createImagingService();
  return imaging.router({
    inspect: imaging.inspect.handler(({ input }) => service.inspect(input)),
    thumbnail: imaging.thumbnail.handler(({ input }) => service.thumbnail(input)),
    raster: imaging.raster.handler(({ input }) => service.raster(input)),
  });
}
