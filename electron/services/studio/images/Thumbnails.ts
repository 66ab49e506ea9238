import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import { type ImageVariant, imageVariants } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { isFile, pictureFile } from './pictureFile.ts';

/** A file that a page may be given, and what it is. */
export interface ServedImage {
  readonly path: string;
  readonly mime: string;
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
      return { path: await pictureFile(storyFolder, image), mime: `image/${image.format}` };
    }
    const name = `${image.id}-${String(widthPx)}.webp`;
    const folders = [join(storyFolder, '.storyloom', 'thumbnails'), this.#fallbackFolder];
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isFile(path)) return { path, mime: 'image/webp' };
    }
    const original = await pictureFile(storyFolder, image);
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
