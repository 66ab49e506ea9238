import type { ImageId } from '../story/ids.ts';
import type { SessionId } from './studio.ts';

/** Sizes a picture is served in: `thumb` 320 px and `view` 1600 px wide WebP without metadata, `full` the original. */
export const imageVariants = { thumb: 320, view: 1600, full: null } as const;
export type ImageVariant = keyof typeof imageVariants;

/** Where a page fetches a picture; the same path in the desktop app and on the studio server. */
export const imageUrl = (sessionId: SessionId, imageId: ImageId, variant: ImageVariant): string =>
  `/images/${sessionId}/${imageId}/${variant}`;

/** `POST` one file's bytes here; answers `{"uploadId": "…"}`. Bytes never travel through RPC. */
export const uploadUrl = '/uploads';
