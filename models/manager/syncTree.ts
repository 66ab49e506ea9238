import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename in a folder survive a power cut. Windows lets no folder be synced and needs no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await sync(path, 'r');
}

/**
 * Brings everything below a folder to the disk, files first and every folder after what it holds: what is renamed into
 * place after this is whole after a power cut too. Errors: those of the file system.
 */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    // Windows syncs only what is open for writing.
    else if (entry.isFile()) await sync(path, process.platform === 'win32' ? 'r+' : 'r');
  }
  await syncFolder(folder);
}
