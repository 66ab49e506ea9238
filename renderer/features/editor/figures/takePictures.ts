import type { SessionId } from '#shared/contract/studio.ts';
import { uploadUrl } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { client } from '../../../api/client.ts';

/** A picture that was taken in: new to the story, or there already. */
export type TakenPicture =
  | { readonly kind: 'added'; readonly image: StoryImage }
  | { readonly kind: 'known'; readonly imageId: ImageId };

export interface Intake {
  readonly pictures: readonly TakenPicture[];
  readonly failures: readonly { readonly name: string; readonly error: AppError }[];
}

async function upload(file: File): Promise<string> {
  const response = await fetch(uploadUrl, { method: 'POST', body: file }).catch((cause: unknown) => {
    throw new AppError('host/disconnected', 'The upload did not arrive', { cause });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && typeof answer === 'object' && answer !== null && 'uploadId' in answer) {
    return String(answer.uploadId);
  }
  const code = response.status === 413 ? 'image/too-large' : 'internal/unexpected';
  throw new AppError(code, `The upload was refused with ${response.status}`);
}

/** Uploads files and has the studio take them into the story. One bad file never stops the others. */
export async function takePictures(sessionId: SessionId, files: readonly File[]): Promise<Intake> {
  const pictures: TakenPicture[] = [];
  const failures: { name: string; error: AppError }[] = [];
  const uploads: { uploadId: string; name: string }[] = [];
  for (const file of files) {
    try {
      uploads.push({ uploadId: await upload(file), name: file.name });
    } catch (thrown) {
      failures.push({ name: file.name, error: AppError.from(thrown) });
    }
  }
  if (uploads.length === 0) return { pictures, failures };
  for await (const result of await client.images.import({ sessionId, uploads })) {
    if (result.outcome === 'added') pictures.push({ kind: 'added', image: result.image });
    else if (result.outcome === 'known') pictures.push({ kind: 'known', imageId: result.imageId });
    else failures.push({ name: result.name, error: AppError.fromReport(result.error) });
  }
  return { pictures, failures };
}
