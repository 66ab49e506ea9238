import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { HubSource, ModelManifest, ModelVariant } from '#shared/models/manifest.ts';
import { descriptionFile, readModelFolder } from '../runtime/modelFolder.ts';
import { describeGraphs } from './describeGraphs.ts';
import { downloadFiles } from './download/downloadFiles.ts';
import { type HubFile, resolveFiles } from './download/resolveFiles.ts';
import { filesUnder } from './filesUnder.ts';
import { syncFolder } from './receipt.ts';
import { type InstallProgress, TransferSpeed } from './TransferSpeed.ts';

export interface HubInstall {
  readonly manifest: ModelManifest;
  readonly source: HubSource;
  readonly variant: ModelVariant;
  /** The models folder. */
  readonly folder: string;
  /** Scheme and host of the hub or a mirror. */
  readonly endpoint: string;
  readonly onProgress: (progress: InstallProgress) => void;
  readonly signal: AbortSignal;
  /** Shortens waiting in tests. */
  readonly pace?: number;
}

const idleMs = 30_000;
const attempts = 6;

/**
 * Fetches one variant of a hub's repository beside the variants that are there. What has arrived stays for the next
 * attempt; only when everything is there and right does the model appear.
 * Errors: download/*, disk/*, model/damaged, task/cancelled.
 */
export async function installFromHub(install: HubInstall): Promise<void> {
  const { manifest, source, folder, endpoint, onProgress, signal, pace = 1 } = install;
  const work = join(folder, `.download-${manifest.id}`);
  const speed = new TransferSpeed();
  const report = (phase: InstallProgress['phase'], received: number, total: number | null) =>
    onProgress({ phase, progress: total ? received / total : 0, ...speed.at(received, total) });
  report('download', 0, null);
  const place = { endpoint, repository: source.repository, revision: source.revision };
  const asked = { token: null, signal, idleMs, attempts, pace };
  const { commit, files } = await resolveFiles(place, asked);
  const fetchAll = (wanted: readonly HubFile[]) =>
    downloadFiles({
      ...place,
      ...asked,
      revision: commit,
      files: wanted,
      to: work,
      onProgress: ({ receivedBytes, totalBytes }) => report('download', receivedBytes, totalBytes),
    });
  await fetchAll(
    source.layout === 'storyloom'
      ? await ownLayout(install, files, fetchAll, work)
      : foreignLayout(install, files),
  );
  report('verify', 0, null);
  await putInPlace(install, work, commit);
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

/** Puts what was fetched into place: the description last, so that a half-moved model never counts. */
async function putInPlace(
  { manifest, source, folder }: HubInstall,
  work: string,
  commit: string,
): Promise<void> {
  const target = join(folder, manifest.id);
  if (!existsSync(target)) {
    if (source.layout === 'transformers.js') await describe(work, manifest, source, commit);
    await rename(work, target);
  } else {
    await moveInto(work, target);
    if (source.layout === 'transformers.js') await describe(target, manifest, source, commit);
    await rm(work, { recursive: true, force: true });
  }
  await syncFolder(folder);
}

async function describe(
  folder: string,
  { id, licence, languages }: ModelManifest,
  { repository }: HubSource,
  revision: string,
): Promise<void> {
  const description = await describeGraphs(folder, { id, repository, revision, licence, languages });
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
