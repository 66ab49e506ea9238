import { lstat, mkdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import { type ImageVariant, imageVariants } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { StoryImage } from '#shared/story/image.ts';

/** A file that a page may be given, and what it is. */
export interface ServedImage {
  readonly path: string;
  readonly mime: string;
}

const isFile = async (path: string): Promise<boolean> =>
  lstat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

/**
 * The original of a picture. The name comes from a story that may be somebody else's: it must be a plain name, and no
 * link may lead out of the story. Errors: image/not-found.
 */
async function originalPath(storyFolder: string, image: StoryImage): Promise<string> {
  const path = join(storyFolder, 'images', image.file);
  const plainName =
    image.file === basename(image.file) && !image.file.includes('\\') && !image.file.includes('\0');
  if (plainName && (await isFile(path))) {
    const inside = join(await realpath(storyFolder), 'images', image.file);
    if ((await realpath(path)) === inside) return path;
  }
  throw new AppError('image/not-found', 'The file of this picture is missing', {
    details: { file: image.file },
  });
}

/** Small copies of pictures, made on first request and kept beside the story, or in user data where that cannot be. */
export class Thumbnails {
  readonly #imaging: ContractRouterClient<ImagingContract, Record<never, never>>;
  readonly #fallbackFolder: string;
  readonly #making = new Map<string, Promise<void>>();

  constructor(imaging: ContractRouterClient<ImagingContract, Record<never, never>>, userDataFolder: string) {
    this.#imaging = imaging;
    this.#fallbackFolder = join(userDataFolder, 'thumbnails');
  }

  /** Errors: image/*, imaging/*, disk/failed. */
  async resolve(storyFolder: string, image: StoryImage, variant: ImageVariant): Promise<ServedImage> {
    const widthPx = imageVariants[variant];
    if (widthPx === null) {
      return { path: await originalPath(storyFolder, image), mime: `image/${image.format}` };
    }
    const name = `${image.id}-${String(widthPx)}.webp`;
    const folders = [join(storyFolder, '.storyloom', 'thumbnails'), this.#fallbackFolder];
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isFile(path)) return { path, mime: 'image/webp' };
    }
    const original = await originalPath(storyFolder, image);
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        await this.#make(folder, path, original, widthPx);
        return { path, mime: 'image/webp' };
      } catch (thrown) {
        if (AppError.from(thrown).code !== 'disk/failed' || folder === this.#fallbackFolder) throw thrown;
      }
    }
    throw new AppError('disk/failed', 'No folder takes the thumbnail');
  }

  /** Requests for the same thumbnail share one rendering. */
  #make(folder: string, to: string, path: string, widthPx: number): Promise<void> {
    const underway = this.#making.get(to);
    if (underway) return underway;
    const making = (async () => {
      await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
        throw new AppError('disk/failed', 'The thumbnail folder cannot be made', { cause });
      });
      await this.#imaging.thumbnail({ path, to, widthPx });
    })().finally(() => this.#making.delete(to));
    this.#making.set(to, making);
    return making;
  }
}
