import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { createId } from '#shared/story/ids.ts';
import { diskError } from '../disk/diskError.ts';
import type { BookFile } from './planBook.ts';
import { stripMetadata } from './stripMetadata.ts';

const mostFolders = 999;

/**
 * Writes a planned book into `<parentFolder>/<name>`, or `<name>-2` … where that is taken: first beside it, then moved
 * there whole, so that no half book is ever seen and nothing is written over. `pictures` are paths by file name.
 * Returns the folder.
 * Errors: book/folder-in-use, image/not-found, disk/*.
 */
export async function writeBook(
  files: readonly BookFile[],
  parentFolder: string,
  name: string,
  pictures: ReadonlyMap<string, string>,
): Promise<string> {
  const building = join(parentFolder, `.${name}-${createId()}.storyloom-book`);
  try {
    for (const file of files) {
      const path = join(building, file.path);
      await mkdir(dirname(path), { recursive: true });
      const content =
        'text' in file
          ? file.text
          : stripMetadata(await readPicture(pictures, file.picture.file), file.picture.format);
      await writeFile(path, content, { flag: 'wx' });
    }
    return await moveToFreeName(building, join(parentFolder, name));
  } catch (thrown) {
    await rm(building, { recursive: true, force: true }).catch(() => undefined);
    throw thrown instanceof AppError ? thrown : diskError(thrown, parentFolder);
  }
}

async function readPicture(pictures: ReadonlyMap<string, string>, file: string): Promise<Buffer> {
  const missing = (cause?: unknown) =>
    new AppError('image/not-found', 'A picture of the book is missing', { details: { file }, cause });
  const path = pictures.get(file);
  if (path === undefined) throw missing();
  return readFile(path).catch((thrown: unknown) => {
    throw missing(thrown);
  });
}

const taken = new Set(['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM']);
const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';

async function moveToFreeName(from: string, wanted: string): Promise<string> {
  for (let number = 1; number <= mostFolders; number += 1) {
    const target = number === 1 ? wanted : `${wanted}-${String(number)}`;
    try {
      await mkdir(target);
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') continue;
      throw thrown;
    }
    try {
      if (process.platform === 'win32') await rmdir(target);
      await rename(from, target);
      return target;
    } catch (thrown) {
      if (!taken.has(codeOf(thrown))) throw thrown;
    }
  }
  throw new AppError('book/folder-in-use', 'Every folder name for the book is taken', {
    details: { wanted },
  });
}
