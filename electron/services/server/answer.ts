import { SessionId } from '#shared/contract/studio.ts';
import { type ImageVariant, imageVariants, uploadUrl } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { ImagesService } from '../studio/images/createImagesService.ts';
import { type Assets, findAsset } from './assets.ts';
import { securityHeaders } from './contentPolicy.ts';

/** A request of a page, from either host, whose origin has been checked already. */
export interface PageRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** What to send back: a file or a short text. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: { readonly file: string } | { readonly text: string };
}

export const textAnswer = (status: number, text: string, mime = 'text/plain; charset=utf-8'): Answer => ({
  status,
  headers: { ...securityHeaders, 'content-type': mime, 'cache-control': 'no-store' },
  content: { text },
});

const statuses: Readonly<Record<string, number>> = {
  'image/not-found': 404,
  'project/closed': 404,
  'image/too-large': 413,
  'disk/full': 507,
};

const errorAnswer = (thrown: unknown): Answer => {
  const report = AppError.from(thrown).toReport();
  return textAnswer(statuses[report.code] ?? 422, JSON.stringify(report), 'application/json; charset=utf-8');
};

const fileAnswer = (file: string, mime: string, cache: string): Answer => ({
  status: 200,
  headers: { ...securityHeaders, 'content-type': mime, 'cache-control': cache },
  content: { file },
});

const isVariant = (text: string): text is ImageVariant => Object.hasOwn(imageVariants, text);

/** The picture that an address names, `null` where it names none. */
export function parseImagePath(
  path: string,
): { sessionId: SessionId; imageId: ImageId; variant: ImageVariant } | null {
  const [, session, image, variant] =
    /^\/images\/([0-9A-Za-z_-]{8,64})\/([0-9a-f]{64})\/([a-z]+)$/.exec(path) ?? [];
  if (!session || !image || !variant || !isVariant(variant)) return null;
  return { sessionId: SessionId.parse(session), imageId: ImageId.parse(image), variant };
}

/** Answers pages: the built files, pictures of open stories, uploads; everything else is not found. */
export function createAnswerer(assets: () => Assets, images: ImagesService) {
  return async ({ method, path, body }: PageRequest): Promise<Answer> => {
    try {
      if (path === uploadUrl) {
        if (method !== 'POST' || !body) return textAnswer(405, 'Send the file with POST');
        const uploadId = await images.uploads.receive(body);
        return textAnswer(200, JSON.stringify({ uploadId }), 'application/json; charset=utf-8');
      }
      if (method !== 'GET' && method !== 'HEAD') return textAnswer(405, 'Not allowed');
      const picture = parseImagePath(path);
      if (picture) {
        const { sessionId, imageId, variant } = picture;
        const served = await images.resolveImage(sessionId, imageId, variant);
        return fileAnswer(served.path, served.mime, 'private, max-age=3600');
      }
      const asset = findAsset(assets(), path);
      if (!asset) return textAnswer(404, 'Not found');
      const cache = asset.hashed ? 'private, max-age=31536000, immutable' : 'no-store';
      return fileAnswer(asset.path, asset.mime, cache);
    } catch (thrown) {
      return errorAnswer(thrown);
    }
  };
}
