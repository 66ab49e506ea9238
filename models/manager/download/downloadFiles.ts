import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError } from '../diskError.ts';
import { downloadFile } from './downloadFile.ts';
import { fileUrl, type HubPlace, safePath, tokenFor } from './hubUrls.ts';
import { isExactly, PartFile } from './PartFile.ts';
import type { HubFile } from './resolveFiles.ts';

export interface DownloadRequest extends HubPlace {
  readonly files: readonly HubFile[];
  /** Folder that the files' paths are relative to. */
  readonly to: string;
  /** Sent to the official host alone. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly receivedBytes: number; readonly totalBytes: number }) => void;
  readonly idleMs?: number;
  readonly attempts?: number;
  readonly pace?: number;
}

/** Room that must stay free on the disk. */
const marginBytes = 256 * 1024 * 1024;

/**
 * Brings files of a repository into a folder. Files that are there and right stay; parts of earlier attempts are gone on
 * with; only what is missing or damaged is fetched. Errors: download/*, disk/* (`disk/full` before anything is fetched),
 * input/invalid, task/cancelled.
 */
export async function downloadFiles(request: DownloadRequest): Promise<void> {
  const { files, to, signal, onProgress } = request;
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const missing: { readonly file: HubFile; readonly target: string; readonly have: number }[] = [];
  let doneBytes = 0;
  try {
    await mkdir(to, { recursive: true });
    for (const file of files) {
      signal.throwIfAborted();
      const target = join(to, ...safePath(file.path).split('/'));
      if (await isExactly(target, file)) doneBytes += file.bytes;
      else missing.push({ file, target, have: (await new PartFile(target, file).begun()).have });
    }
    await checkRoom(
      to,
      missing.reduce((sum, { file, have }) => sum + file.bytes - have, 0),
    );
    for (const { file, target } of missing) {
      await downloadFile(fileUrl(request, file.path), target, file, {
        token: tokenFor(request.endpoint, request.token),
        signal,
        idleMs: request.idleMs ?? 30_000,
        attempts: request.attempts ?? 6,
        pace: request.pace ?? 1,
        onBytes: (have) => onProgress({ receivedBytes: doneBytes + have, totalBytes }),
      });
      doneBytes += file.bytes;
      onProgress({ receivedBytes: doneBytes, totalBytes });
    }
  } catch (error) {
    if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: error });
    throw diskError(error);
  }
}

async function checkRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (neededBytes > 0 && neededBytes + marginBytes > freeBytes) {
    throw new AppError('disk/full', 'The disk has not enough room', { details: { neededBytes, freeBytes } });
  }
}
