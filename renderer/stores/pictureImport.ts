import { create } from 'zustand';
import type { ImportResult } from '#shared/contract/studio.ts';
import { uploadUrl } from '#shared/contract/urls.ts';
import { AppError, isErrorCode } from '#shared/errors/AppError.ts';
import { client } from '../api/client.ts';
import { openStory } from './storyStore.ts';

/** A file that did not become a picture, and why. */
export interface FailedFile {
  readonly name: string;
  readonly error: AppError;
}

/** How far the files being added are. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
}

/** `null` while nothing is being added; `failed` stays until it was read. */
export const useImport = create<{ progress: ImportProgress | null; failed: readonly FailedFile[] }>(() => ({
  progress: null,
  failed: [],
}));

export const dismissFailedFiles = (): void => useImport.setState({ failed: [] });

const parallelUploads = 3;

const refusal = async (response: Response): Promise<AppError> => {
  const body: unknown = await response.json().catch(() => null);
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : null;
  return isErrorCode(code)
    ? new AppError(code, `Upload refused: ${String(response.status)}`)
    : new AppError(response.status === 413 ? 'image/too-large' : 'internal/unexpected', 'Upload refused');
};

async function upload(file: File): Promise<string> {
  const response = await fetch(uploadUrl, { method: 'POST', body: file }).catch((cause: unknown) => {
    throw new AppError('host/disconnected', 'The upload did not arrive', { cause });
  });
  if (!response.ok) throw await refusal(response);
  const { uploadId } = (await response.json()) as { uploadId: string };
  return uploadId;
}

const step = (total: number) =>
  useImport.setState(({ progress }) => ({ progress: { done: (progress?.done ?? 0) + 1, total } }));

/**
 * Copies files into the story's folder, several at a time. Yields what the studio made of each; a file that could not
 * be sent comes as `failed` too, and none stops the others.
 */
export async function* takeIn(files: readonly File[]): AsyncGenerator<ImportResult> {
  const { sessionId } = openStory();
  const total = files.length * 2;
  useImport.setState({ progress: { done: 0, total } });
  try {
    for (let from = 0; from < files.length; from += parallelUploads) {
      const batch = files.slice(from, from + parallelUploads);
      const sent = await Promise.all(
        batch.map(async (file) => {
          try {
            if (file.size === 0) throw new AppError('image/empty', 'The file is empty');
            return { uploadId: await upload(file), name: file.name };
          } catch (thrown) {
            return { name: file.name, error: AppError.from(thrown) };
          } finally {
            step(total);
          }
        }),
      );
      const uploads = sent.flatMap((one) => (one.uploadId === undefined ? [] : [one]));
      for (const one of sent) {
        if (one.error !== undefined) {
          yield {
            outcome: 'failed',
            name: one.name,
            error: { code: one.error.code, message: one.error.message, details: {} },
          };
        }
      }
      if (uploads.length === 0) continue;
      for await (const result of await client.images.import({ sessionId, uploads })) {
        step(total);
        yield result;
      }
    }
  } finally {
    useImport.setState({ progress: null });
  }
}
