import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError } from '../diskError.ts';
import { checkRoom } from './diskRoom.ts';
import { downloadFile } from './downloadFile.ts';
import { fileUrl, type HubPlace, tokenFor } from './hubUrls.ts';
import { hasSize, isExactly, PartFile } from './PartFile.ts';
import type { HubFile } from './resolveFiles.ts';
import { checkFileNames } from './safePath.ts';

/** How far a download is: bytes that have arrived, or of files on the disk bytes that were read for their hashes. */
export interface DownloadProgress {
  readonly phase: 'download' | 'verify';
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface DownloadRequest extends HubPlace {
  readonly files: readonly HubFile[];
  /** Folder that the files' paths are relative to. */
  readonly to: string;
  /** Sent to the official host alone. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly idleMs?: number;
  readonly attempts?: number;
  readonly pace?: number;
}

/** Less than this is read at once; telling of it would only flicker. */
const toldFromBytes = 16 * 1024 * 1024;

interface Missing {
  readonly file: HubFile;
  readonly target: string;
  readonly have: number;
}

/**
 * Brings files of a repository into a folder. Files that are there and right stay; parts of earlier attempts are gone on
 * with; only what is missing or damaged is fetched. Errors: download/*, disk/* (`disk/full` before anything is fetched),
 * input/invalid for names that cannot lie in one folder, task/cancelled.
 */
export async function downloadFiles(request: DownloadRequest): Promise<void> {
  const { endpoint, files, to, signal, onProgress } = request;
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  try {
    checkFileNames(files.map(({ path }) => path));
    await mkdir(to, { recursive: true });
    const missing = await lookFor(request);
    const sum = (bytesOf: (one: Missing) => number) => missing.reduce((all, one) => all + bytesOf(one), 0);
    await checkRoom(
      to,
      sum(({ file, have }) => file.bytes - have),
    );
    let doneBytes = totalBytes - sum(({ file }) => file.bytes);
    const arrived = (have: number) =>
      onProgress({ phase: 'download', receivedBytes: doneBytes + have, totalBytes });
    for (const { file, target } of missing) {
      await downloadFile(fileUrl(request, file.path), target, file, {
        endpoint,
        token: tokenFor(endpoint, request.token),
        signal,
        idleMs: request.idleMs ?? 30_000,
        attempts: request.attempts ?? 6,
        pace: request.pace ?? 1,
        onBytes: arrived,
        onChecked: checking(file.bytes, onProgress),
      });
      doneBytes += file.bytes;
      arrived(0);
    }
  } catch (error) {
    if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: error });
    throw diskError(error);
  }
}

/** The files that are not there, or not what they must be. */
async function lookFor({ files, to, signal, onProgress }: DownloadRequest): Promise<Missing[]> {
  const placed = files.map((file) => ({ file, target: join(to, ...file.path.split('/')) }));
  const there = await Promise.all(placed.map(({ file, target }) => hasSize(target, file.bytes)));
  const bytes = placed.reduce((sum, { file }, index) => sum + (there[index] ? file.bytes : 0), 0);
  const onBytes = checking(bytes, onProgress);
  const missing: Missing[] = [];
  for (const { file, target } of placed) {
    signal.throwIfAborted();
    if (await isExactly(target, file, { signal, onBytes })) continue;
    missing.push({ file, target, have: (await new PartFile(target, file).begun()).have });
  }
  return missing;
}

/** Tells how much of so many bytes has been read for its hash. */
function checking(totalBytes: number, onProgress: DownloadRequest['onProgress']): (bytes: number) => void {
  if (totalBytes < toldFromBytes) return () => undefined;
  let receivedBytes = 0;
  return (bytes) => {
    receivedBytes += bytes;
    onProgress({ phase: 'verify', receivedBytes: Math.min(receivedBytes, totalBytes), totalBytes });
  };
}
