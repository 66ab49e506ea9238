import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelManifest } from '#shared/models/manifest.ts';
import { filesUnder } from './filesUnder.ts';
import { sha256Of } from './hashFile.ts';
import { syncFolder, syncTree } from './syncTree.ts';

/** The last file of a conversion: a folder without it, or with other sizes, is not an installed model. */
const Receipt = z.object({
  id: z.string(),
  revision: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});
type Receipt = z.infer<typeof Receipt>;

export const receiptFile = 'installed.json';

/** The receipt in a folder; `null` where it has none. Errors: model/damaged for one that cannot be read. */
export async function readReceipt(folder: string): Promise<Receipt | null> {
  const text = await readFile(join(folder, receiptFile), 'utf8').catch(() => null);
  if (text === null) return null;
  const read = Receipt.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new AppError('model/damaged', 'The receipt of the model cannot be read', {
    details: { file: receiptFile },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether a folder holds what the manifest's conversion made. */
export async function hasReceipt(folder: string, manifest: ModelManifest): Promise<boolean> {
  try {
    const receipt = await readReceipt(folder);
    if (receipt?.id !== manifest.id || receipt.revision !== manifest.revision) return false;
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

/**
 * What is wrong with the files of a conversion in its folder: a receipt that cannot be read, or files that it names and
 * that are not there. `null` where nothing is, where nothing is there, and for the receipt of another model or revision.
 */
export async function damageOf(folder: string, manifest: ModelManifest): Promise<AppError | null> {
  try {
    const receipt = await readReceipt(folder);
    if (receipt?.id !== manifest.id || receipt.revision !== manifest.revision) return null;
  } catch (error) {
    return AppError.from(error);
  }
  if (await hasReceipt(folder, manifest)) return null;
  return new AppError('model/damaged', `${manifest.id}: files are missing or not whole`, {
    details: { modelId: manifest.id },
  });
}

/** Brings what a conversion made to the disk and says so beside it. */
export async function writeReceipt(manifest: ModelManifest, folder: string): Promise<void> {
  const files: Receipt['files'] = {};
  for (const name of (await filesUnder(folder)).sort()) {
    files[name] = {
      bytes: (await stat(join(folder, name))).size,
      sha256: await sha256Of(join(folder, name)),
    };
  }
  await syncTree(folder);
  const receipt = { id: manifest.id, revision: manifest.revision, files };
  await writeFile(join(folder, receiptFile), `${JSON.stringify(receipt, null, 2)}\n`, { flush: true });
  await syncFolder(folder);
}
