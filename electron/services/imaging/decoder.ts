import sharp, { type Metadata, type Sharp } from 'sharp';
import { AppError } from '#shared/errors/AppError.ts';

/** 50 megapixels: about 200 MB once decoded. */
export const maxPixels = 50_000_000;

// Every loader off, then exactly those for the formats a story may hold, and only from files.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegFile',
    'VipsForeignLoadPngFile',
    'VipsForeignLoadWebpFile',
    'VipsForeignLoadNsgifFile',
    'VipsForeignLoadHeifFile',
  ],
});
sharp.cache(false);

/** What libvips says about a file it cannot read is of use in a log only. */
export const damaged = (thrown: unknown): AppError =>
  thrown instanceof AppError
    ? thrown
    : new AppError(
        'image/damaged',
        thrown instanceof Error ? thrown.message.split('\n', 1).join('') : 'Unreadable',
        {
          cause: thrown,
        },
      );

/** Reads the header only; the picture may be of any size. Errors: image/damaged. */
export const readHeader = (path: string): Promise<Metadata> =>
  sharp(path, { limitInputPixels: false, pages: 1 })
    .metadata()
    .catch((thrown: unknown) => {
      throw damaged(thrown);
    });

/** The first frame, upright, with libvips' own warnings taken as errors. */
export const openPicture = (path: string): Sharp =>
  sharp(path, { limitInputPixels: maxPixels, failOn: 'warning', pages: 1 }).autoOrient();
