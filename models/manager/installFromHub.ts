import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { HubSource, ModelManifest, ModelVariant } from '#shared/models/manifest.ts';
import { descriptionFile, readModelFolder } from '../runtime/modelFolder.ts';
import { describeGraphs } from './describeGraphs.ts';
import { diskError } from './diskError.ts';
import { DownloadLock } from './download/DownloadLock.ts';
import { downloadFiles } from './download/downloadFiles.ts';
import { type HubFile, resolveFiles } from './download/resolveFiles.ts';
import { filesUnder } from './filesUnder.ts';
import { findModel } from './foundModel.ts';
import type { Watch } from './hashFile.ts';
import { syncFolder, syncTree } from './syncTree.ts';
import { type InstallProgress, TransferSpeed } from './TransferSpeed.ts';

export interface HubInstall {
  readonly manifest: ModelManifest;
  readonly source: HubSource;
  readonly variant: ModelVariant;
  /** The models folder. */
  readonly folder: string;
  /** Scheme and host of the hub or a mirror. */
  readonly endpoint: string;
  /** The writer's token for the official hub, which alone is told it. */
  readonly token: string | null;
  readonly onProgress: (progress: InstallProgress) => void;
  readonly signal: AbortSignal;
  /** Shortens waiting in tests. */
  readonly pace?: number;
}

const idleMs = 30_000;
const attempts = 6;

/**
 * Fetches one variant of a hub's repository beside the variants that are there. What has arrived stays for the next
 * attempt; only when everything is there, right and on the disk does the model appear.
 * Errors: download/* (`download/in-progress` where another process is at it), disk/*, model/damaged, task/cancelled.
 */
export async function installFromHub(install: HubInstall): Promise<void> {
  const { folder, manifest, variant } = install;
  const work = join(folder, `.download-${manifest.id}-${variant.precision}`);
  try {
    await using lock = await DownloadLock.take(join(folder, `.download-${manifest.id}.lock`));
    // Another process may have brought it since this one last looked.
    if (!(await isInstalled(install))) await fetchInto(work, install, lock);
  } catch (error) {
    if (install.signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: error });
    throw diskError(error);
  }
}

const isInstalled = ({ folder, manifest, variant }: HubInstall): Promise<boolean> =>
  findModel(join(folder, manifest.id)).then(
    ({ description, variants }) =>
      description.id === manifest.id && variants.some(({ precision }) => precision === variant.precision),
    () => false,
  );

async function fetchInto(work: string, install: HubInstall, lock: DownloadLock): Promise<void> {
  const { source, endpoint, token, signal, pace = 1 } = install;
  const report = reporting(install.onProgress);
  report('download', 0, null);
  const place = { endpoint, repository: source.repository, revision: source.revision };
  const asked = { token, signal, idleMs, attempts, pace };
  const { commit, files } = await resolveFiles(place, asked);
  const fetchAll = (wanted: readonly HubFile[]) =>
    downloadFiles({
      ...place,
      ...asked,
      revision: commit,
      files: wanted,
      to: work,
      onProgress: ({ phase, receivedBytes, totalBytes }) => report(phase, receivedBytes, totalBytes),
    });
  const wanted =
    source.layout === 'storyloom'
      ? await ownLayout(install, files, fetchAll, work)
      : foreignLayout(install, files);
  await fetchAll(wanted);
  await lock.checkHeld();
  await keepOnly(work, new Set(wanted.map(({ path }) => path)));
  report('verify', 0, null);
  let readBytes = 0;
  const onBytes = (bytes: number) => {
    readBytes += bytes;
    report('verify', Math.min(readBytes, install.variant.diskBytes), install.variant.diskBytes);
  };
  await putInPlace(install, work, commit, { signal, onBytes });
}

/** Tells how far an installation is; the speed is that of the phase. */
function reporting(onProgress: HubInstall['onProgress']) {
  let told: InstallProgress['phase'] = 'download';
  let speed = new TransferSpeed();
  return (phase: InstallProgress['phase'], received: number, total: number | null): void => {
    if (phase !== told) speed = new TransferSpeed();
    told = phase;
    onProgress({ phase, progress: total ? received / total : 0, ...speed.at(received, total) });
  };
}

/** The graphs of a variant, the weights beside them, and what of the rest the repository has. */
function foreignLayout({ manifest, variant }: HubInstall, files: readonly HubFile[]): HubFile[] {
  const known = new Map(files.map((file) => [file.path, file]));
  return variant.files.flatMap(({ path, sha256 }) => {
    const file = known.get(path);
    if (!file && path.endsWith('.onnx')) {
      throw new AppError('download/failed', `${manifest.id}: the repository has no ${path}`, {
        details: { path },
      });
    }
    if (!file) return [];
    if (sha256 !== null && file.sha256 !== sha256) {
      throw new AppError('download/wrong-hash', `${path} is not the file it was`, { details: { path } });
    }
    const data = known.get(`${path}_data`);
    return data ? [file, data] : [file];
  });
}

/** The description first, then the files that it names for the variant. */
async function ownLayout(
  { manifest, variant }: HubInstall,
  files: readonly HubFile[],
  fetchAll: (files: readonly HubFile[]) => Promise<void>,
  work: string,
): Promise<HubFile[]> {
  const named = (path: string): HubFile => {
    const file = files.find((one) => one.path === path);
    if (file) return file;
    throw new AppError('download/failed', `${manifest.id}: the repository has no ${path}`, {
      details: { path },
    });
  };
  await fetchAll([named(descriptionFile)]);
  const { variants } = await readModelFolder(work);
  return [descriptionFile, ...(variants[variant.precision]?.files ?? [])].map(named);
}

/** Removes what an attempt at another revision left. */
async function keepOnly(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const path of await filesUnder(folder)) {
    if (!wanted.has(path)) await rm(join(folder, path), { force: true });
  }
}

/** Puts what was fetched into place: the description last, so that a half-moved model never counts. */
async function putInPlace(
  { manifest, source, folder }: HubInstall,
  work: string,
  commit: string,
  watch: Watch,
): Promise<void> {
  const target = join(folder, manifest.id);
  const describeIn = (place: string) =>
    source.layout === 'transformers.js' ? describe(place, manifest, source, commit, watch) : undefined;
  if (!existsSync(target)) {
    await describeIn(work);
    await syncTree(work);
    await rename(work, target);
  } else {
    await syncTree(work);
    await moveInto(work, target);
    await describeIn(target);
    await syncTree(target);
    await rm(work, { recursive: true, force: true });
  }
  await syncFolder(folder);
}

async function describe(
  folder: string,
  { id, licence, languages }: ModelManifest,
  { repository }: HubSource,
  revision: string,
  watch: Watch,
): Promise<void> {
  const facts = { id, repository, revision, licence, languages };
  const description = await describeGraphs(folder, facts, watch);
  const file = join(folder, descriptionFile);
  await writeFile(`${file}.new`, `${JSON.stringify(description, null, 2)}\n`, { flush: true });
  await rename(`${file}.new`, file);
}

async function moveInto(from: string, to: string): Promise<void> {
  const paths = await filesUnder(from);
  const last = (path: string) => Number(path === descriptionFile);
  for (const path of paths.toSorted((a, b) => last(a) - last(b))) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await rename(join(from, path), join(to, path));
  }
}
