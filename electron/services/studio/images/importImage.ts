import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageFacts } from '#shared/contract/imaging.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { createId, ImageId } from '#shared/story/ids.ts';
import type { ImageFormat, StoryImage } from '#shared/story/image.ts';
import { fileSlug } from '#shared/text/slug.ts';
import { atomicSave, readIfThere, sha256 } from '../disk/atomicSave.ts';
import { diskError } from '../disk/diskError.ts';

const extensions: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
};

/** The part of a dropped file's name before its extension; a whole path is cut to its last part. */
function stem(originalName: string): string {
  const name = originalName.split(/[\\/]/).at(-1) ?? '';
  return name.replace(/\.[A-Za-z0-9]{1,5}$/, '');
}

/** Readable, and unique by the start of the content hash; the whole hash where another file has that name. */
const imageFileName = (originalName: string, facts: ImageFacts, hashLength = 8): string =>
  `${fileSlug(stem(originalName))}-${facts.sha256.slice(0, hashLength)}.${extensions[facts.format]}`;

/** A picture as it enters the story: nothing said about it yet. */
export const toStoryImage = (file: string, originalName: string, facts: ImageFacts): StoryImage => ({
  id: ImageId.parse(facts.sha256),
  file,
  originalName: originalName.split(/[\\/]/).at(-1)?.slice(0, 255) ?? '',
  format: facts.format,
  width: facts.width,
  height: facts.height,
  bytes: facts.bytes,
  animated: facts.animated,
  alt: { en: '', zh: '' },
  caption: { en: '', zh: '' },
  tags: [],
  credit: '',
  licence: '',
  source: '',
});

/**
 * Copies an inspected file into a story's `images/` folder, durably, never over another file. Returns the file name.
 * Errors: image/damaged when the bytes are not those that were inspected, disk/*.
 */
export async function copyIntoStory(
  from: string,
  storyFolder: string,
  originalName: string,
  facts: ImageFacts,
): Promise<string> {
  const folder = join(storyFolder, 'images');
  const bytes = await readFile(from).catch((thrown: unknown) => {
    throw diskError(thrown, from);
  });
  if (sha256(bytes) !== facts.sha256)
    throw new AppError('image/damaged', 'The file changed while it was taken in');
  await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw diskError(thrown, folder);
  });
  for (const hashLength of [8, 64]) {
    const file = imageFileName(originalName, facts, hashLength);
    const path = join(folder, file);
    const present = await readIfThere(path);
    if (present && sha256(present) === facts.sha256) return file;
    if (present) continue;
    const saved = await atomicSave(path, bytes, { writer: createId().slice(0, 8), expected: null });
    if (saved.outcome === 'saved') return file;
  }
  throw new AppError('disk/failed', 'Another file has the name of this picture', { details: { folder } });
}
