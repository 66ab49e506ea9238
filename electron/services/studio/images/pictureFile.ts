import { lstat, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { StoryImage } from '#shared/story/image.ts';

/** Whether a plain file stands there; a link does not count. */
export const isFile = async (path: string): Promise<boolean> =>
  lstat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

/**
 * The path of a picture's original, for whoever reads its bytes. The name comes from a story that may be somebody
 * else's: it must be a plain name, and no link may lead out of the story. Errors: image/not-found.
 */
export async function pictureFile(storyFolder: string, { file }: Pick<StoryImage, 'file'>): Promise<string> {
  const path = join(storyFolder, 'images', file);
  const plainName = file === basename(file) && !file.includes('\\') && !file.includes('\0');
  if (plainName && (await isFile(path))) {
    const inside = join(await realpath(storyFolder), 'images', file);
    if ((await realpath(path)) === inside) return path;
  }
  throw new AppError('image/not-found', 'The file of this picture is missing', { details: { file } });
}
