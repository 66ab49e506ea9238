import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { isTemporary } from '../disk/atomicSave.ts';
import { diskError } from '../disk/diskError.ts';
import { cacheFolder } from './fileIndex.ts';

const folders = ['scenes', 'characters', 'images', cacheFolder];
const ignoreFile = '# Rebuilt by Storyloom whenever it is missing.\n.storyloom/\n*.storyloom-tmp\n';

/** Makes the folders of a story where they are missing. Errors: disk/*. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    for (const name of folders) await fs.mkdir(join(folder, name), { recursive: true });
    await fs.writeFile(join(folder, '.gitignore'), ignoreFile, { flag: 'wx' }).catch((thrown: unknown) => {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    });
  } catch (thrown) {
    throw diskError(thrown, folder);
  }
}

/** Clears what a crash left behind; only for who has the lock, since others' temporary files look the same. Errors: disk/*. */
export async function sweepFolder(folder: string): Promise<void> {
  try {
    for (const name of ['.', 'scenes', 'characters', 'images']) {
      for (const file of await fs.readdir(join(folder, name))) {
        if (isTemporary(file)) await fs.rm(join(folder, name, file), { force: true });
      }
    }
  } catch (thrown) {
    throw diskError(thrown, folder);
  }
}
