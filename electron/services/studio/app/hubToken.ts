import { randomUUID } from 'node:crypto';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hubTokenFile } from '#shared/settings.ts';
import { syncFolder } from '../disk/atomicSave.ts';
import { diskError } from '../disk/diskError.ts';

/** The writer's token for the model hub. It can be kept, replaced and removed, and is never read back here. */
export interface HubTokenStore {
  isThere(): Promise<boolean>;
  /** `null` removes it. Errors: disk/*. */
  keep(token: string | null): Promise<void>;
}

/** Keeps the token in a file of its own in the data folder, which only the writer's account may read. */
export function createHubTokenStore(userDataFolder: string): HubTokenStore {
  const path = join(userDataFolder, hubTokenFile);
  const write = async (token: string): Promise<void> => {
    const aside = `${path}.${randomUUID()}`;
    try {
      await mkdir(userDataFolder, { recursive: true });
      const handle = await open(aside, 'wx', 0o600);
      try {
        await handle.writeFile(`${token}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(aside, path);
    } finally {
      await rm(aside, { force: true });
    }
  };
  return {
    isThere: () =>
      access(path).then(
        () => true,
        () => false,
      ),
    async keep(token) {
      try {
        await (token === null ? rm(path, { force: true }) : write(token));
        await syncFolder(userDataFolder);
      } catch (thrown) {
        throw diskError(thrown, path);
      }
    },
  };
}
