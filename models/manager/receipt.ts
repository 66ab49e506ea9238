import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { ModelManifest } from '#shared/models/manifest.ts';

/** The last file of a conversion: a folder without it, or with other sizes, is not an installed model. */
export const Receipt = z.object({
  id: z.string(),
  revision: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

export const receiptFile = 'installed.json';

/** Whether a folder holds what the manifest's conversion made. */
export async function hasReceipt(folder: string, manifest: ModelManifest): Promise<boolean> {
  try {
    const receipt = Receipt.parse(JSON.parse(await readFile(join(folder, receiptFile), 'utf8')));
    if (receipt.id !== manifest.id || receipt.revision !== manifest.revision) return false;
    const sizes = await Promise.all(
      Object.entries(receipt.files).map(
        async ([name, { bytes }]) => (await stat(join(folder, name))).size === bytes,
      ),
    );
    return sizes.length > 0 && sizes.every(Boolean);
  } catch {
    return false;
  }
}

export async function writeReceipt(manifest: ModelManifest, folder: string): Promise<void> {
  const files: z.infer<typeof Receipt>['files'] = {};
  for (const name of (await readdir(folder)).sort()) {
    files[name] = {
      bytes: (await stat(join(folder, name))).size,
      sha256: await sha256Of(join(folder, name)),
    };
    await sync(join(folder, name));
  }
  const receipt = { id: manifest.id, revision: manifest.revision, files };
  await writeFile(join(folder, receiptFile), `${JSON.stringify(receipt, null, 2)}\n`, { flush: true });
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename survive a power cut, where the system lets a folder be synced. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
