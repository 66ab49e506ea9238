import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError, isMissing } from '../disk/diskError.ts';
import { imageIndexPath } from '../files/imageIndex.ts';
import { maxFileBytes } from '../files/json.ts';
import { manifestPath } from '../files/manifestFile.ts';

/** Size and time of a file: the same as before means that it was not written since. */
export interface FileStat {
  readonly size: number;
  readonly mtimeMs: number;
}

/** The text files of a story, wherever they are: in its folder or in a snapshot. Paths are relative, with `/`. */
export interface ProjectSource {
  list(): Promise<ReadonlyMap<string, FileStat>>;
  /** Errors: project/damaged (too large), disk/*. */
  read(path: string): Promise<Buffer>;
}

const textFolders: readonly (readonly [string, RegExp])[] = [
  ['scenes', /\.(?:md|alternatives\.json)$/],
  ['characters', /\.md$/],
];
const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

/** Runs `work` on every item, at most `width` at a time. */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, run));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    if (!(await fs.lstat(folder)).isDirectory()) return [];
    return await fs.readdir(folder);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw diskError(thrown, folder);
  }
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    const stat = await fs.lstat(path);
    return stat.isFile() ? stat : null;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw diskError(thrown, path);
  }
}

/** The names in `images/`. */
export const imageNames = async (folder: string): Promise<ReadonlySet<string>> =>
  new Set(await namesIn(join(folder, 'images')));

/** Reads a story's own folder. Links are not followed: a story's files lie in its folder. */
export function createDiskSource(folder: string): ProjectSource {
  return {
    async list() {
      const paths = [manifestPath, imageIndexPath];
      for (const [name, pattern] of textFolders) {
        const names = await namesIn(join(folder, name));
        paths.push(...names.filter((file) => pattern.test(file)).map((file) => `${name}/${file}`));
      }
      const found = new Map<string, FileStat>();
      await forEachAtOnce(paths, 16, async (path) => {
        const stat = await statOf(join(folder, path));
        if (stat) found.set(path, { size: stat.size, mtimeMs: stat.mtimeMs });
      });
      return new Map(Array.from(found).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    async read(path) {
      const whole = join(folder, path);
      try {
        const file = await fs.open(whole, constants.O_RDONLY | noFollow);
        try {
          const { size } = await file.stat();
          if (size > maxFileBytes) throw new AppError('project/damaged', `${path} is too large`);
          return await file.readFile();
        } finally {
          await file.close();
        }
      } catch (thrown) {
        throw diskError(thrown, whole);
      }
    },
  };
}
