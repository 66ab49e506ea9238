import type { ContractRouterClient } from '@orpc/contract';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import type { ImportResult, SessionId } from '#shared/contract/studio.ts';
import type { ImageVariant } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { Session, Sessions } from '../session.ts';
import { createLimiter } from './createLimiter.ts';
import { copyIntoStory, toStoryImage } from './importImage.ts';
import { type ServedImage, Thumbnails } from './Thumbnails.ts';
import { Uploads } from './Uploads.ts';

interface Upload {
  readonly uploadId: string;
  readonly name: string;
}

export interface ImagesServiceOptions {
  readonly sessions: Sessions;
  readonly imaging: ContractRouterClient<ImagingContract, Record<never, never>>;
  readonly userDataFolder: string;
}

/** Pictures on their way into a story, and out of it to a page. */
export interface ImagesService {
  readonly uploads: Uploads;
  /** One result per upload, as they get ready; two are worked on at a time. Errors: project/read-only, project/closed. */
  import(
    input: { sessionId: SessionId; uploads: readonly Upload[] },
    signal?: AbortSignal,
  ): AsyncGenerator<ImportResult>;
  /** The file to serve for a picture of an open story. Errors: project/closed, image/*. */
  resolveImage(sessionId: SessionId, imageId: ImageId, variant: ImageVariant): Promise<ServedImage>;
  dispose(): Promise<void>;
}

const failed = (name: string, thrown: unknown): ImportResult => ({
  outcome: 'failed',
  name,
  error: AppError.from(thrown).toReport() as Extract<ImportResult, { outcome: 'failed' }>['error'],
});

export function createImagesService(options: ImagesServiceOptions): ImagesService {
  const { sessions } = options;
  const uploads = new Uploads(options.userDataFolder);
  // Two pictures at a time, so that the deadline of one does not run while it waits for the others.
  const limited = createLimiter(2);
  const oneByOne = createLimiter(1);
  const imaging: typeof options.imaging = {
    inspect: (input, ...rest) => limited(() => options.imaging.inspect(input, ...rest)),
    thumbnail: (input, ...rest) => limited(() => options.imaging.thumbnail(input, ...rest)),
    raster: (input, ...rest) => limited(() => options.imaging.raster(input, ...rest)),
  };
  const thumbnails = new Thumbnails(imaging, options.userDataFolder);
  /** Pictures being copied, or copied and not yet part of the story, by session. */
  const arriving = new WeakMap<Session, Set<ImageId>>();

  /** A neighbour's crash is not this picture's fault: it gets a second chance, alone. */
  async function inspect(path: string, signal: AbortSignal | undefined) {
    const call = () => imaging.inspect({ path }, signal ? { signal } : {});
    return call().catch(async (thrown: unknown) => {
      if (AppError.from(thrown).code !== 'imaging/crashed') throw thrown;
      return oneByOne(call);
    });
  }

  async function importOne(session: Session, upload: Upload, signal?: AbortSignal): Promise<ImportResult> {
    const path = await uploads.path(upload.uploadId);
    const facts = await inspect(path, signal);
    const imageId = ImageId.parse(facts.sha256);
    const underway = arriving.get(session) ?? new Set();
    arriving.set(session, underway);
    if (session.story.images[imageId] || underway.has(imageId)) {
      await uploads.discard(upload.uploadId);
      return { outcome: 'known', name: upload.name, imageId };
    }
    underway.add(imageId);
    try {
      const file = await copyIntoStory(path, session.folder, upload.name, facts);
      await uploads.discard(upload.uploadId);
      return { outcome: 'added', name: upload.name, image: toStoryImage(file, upload.name, facts) };
    } catch (thrown) {
      underway.delete(imageId);
      throw thrown;
    }
  }

  return {
    uploads,

    async *import({ sessionId, uploads: wanted }, signal) {
      const session = sessions.get(sessionId);
      if (session.readOnly) throw new AppError('project/read-only', 'This story cannot be changed');
      const worker = createLimiter(2);
      const running = new Map(
        wanted.map((upload, index) => [
          index,
          worker(async () => {
            signal?.throwIfAborted();
            return importOne(session, upload, signal);
          }).then(
            (result) => ({ index, result }),
            (thrown: unknown) => ({ index, result: failed(upload.name, thrown) }),
          ),
        ]),
      );
      try {
        while (running.size > 0) {
          const { index, result } = await Promise.race(running.values());
          running.delete(index);
          signal?.throwIfAborted();
          yield result;
        }
      } finally {
        arriving.delete(session);
      }
    },

    async resolveImage(sessionId, imageId, variant) {
      const session = sessions.get(sessionId);
      const image = session.story.images[imageId];
      if (!image) throw new AppError('image/not-found', 'The story has no such picture');
      return thumbnails.resolve(session.folder, image, variant);
    },

    dispose: () => uploads.clear(),
  };
}
