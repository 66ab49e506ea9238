import type { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { Answered, Routing } from '#shared/models/routing.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import { expectedPlacement } from '../../cache/AnswerMemory.ts';
import type { VectorStore } from '../../cache/VectorStore.ts';
import { readRaster } from '../../preprocessing/readRaster.ts';
import { dot } from '../../runtime/vectors.ts';
import { Encoding } from '../pictures/Encoding.ts';
import { encoderRequest, planEncoder } from '../pictures/encoders.ts';
import { languageOf } from '../pictures/languageOf.ts';
import type { Router } from '../Router.ts';

export interface VectorsRequest {
  readonly imageIds: readonly ImageId[];
  readonly language: Language;
  /** The passage or phrases that the pictures are to be compared with; `null` for pictures alone. */
  readonly words: string | null;
  readonly routing: Routing;
}

/** Who would compare the pictures, `null` for nobody, and which of them it has not seen. */
export interface MissingVectors {
  readonly encoder: ModelId | null;
  readonly missing: ImageId[];
}

/** Which pictures have to be decoded before they can be compared. */
export function missingVectors(
  entries: readonly ModelEntry[],
  vectors: VectorStore,
  { imageIds, language, words, routing }: VectorsRequest,
): MissingVectors {
  const told = words === null ? language : languageOf(words, language);
  const encoder = planEncoder(entries, told, routing, words !== null);
  const entry = entries.find(({ manifest }) => manifest.id === encoder);
  if (!entry) return { encoder: null, missing: [] };
  const { id: modelId, revision } = entry.manifest;
  const precision = expectedPlacement(entry, '').precision ?? '';
  const there = vectors.get('picture', { modelId, revision, precision }, imageIds);
  return { encoder, missing: imageIds.filter((imageId) => !there.has(imageId)) };
}

export interface EncodeRequest {
  readonly encoder: ModelId;
  readonly language: Language;
  readonly pictures: readonly { readonly imageId: ImageId; readonly raster: RasterFile }[];
  readonly routing: Routing;
}

/** Has pictures looked at, and remembers what they look like. Errors: image/*, model/*. */
export async function encodePictures(
  router: Router,
  vectors: VectorStore,
  { encoder, language, pictures, routing }: EncodeRequest,
  signal: AbortSignal,
): Promise<Answered> {
  const rasters = await Promise.all(pictures.map(({ raster }) => readRaster(raster)));
  const images = pictures.map(({ imageId }) => imageId);
  const { answered } = await router.run(encoderRequest(language, routing, encoder), signal, (lease, told) =>
    new Encoding(lease, vectors, told).encodePictures(images, rasters, signal),
  );
  return answered;
}

export interface MatchRequest {
  readonly encoder: ModelId | null;
  readonly language: Language;
  readonly imageIds: readonly ImageId[];
  readonly routing: Routing;
}

/** Cosine similarities. Pictures without a vector are named, and have no column. */
export interface Matches {
  readonly modelId: ModelId;
  readonly answered: Answered;
  /** One row for each text or picture on the left, one column for each of `imageIds`. */
  readonly similarities: number[][];
  readonly imageIds: ImageId[];
  readonly missing: ImageId[];
}

/** How well each text fits each picture. Errors: task/no-route, model/*. */
export function matchTexts(
  router: Router,
  vectors: VectorStore,
  { texts, ...request }: MatchRequest & { readonly texts: readonly string[] },
  signal: AbortSignal,
): Promise<Matches> {
  return match(router, vectors, request, signal, (encoding) =>
    encoding.ofTexts(texts, signal, { remembered: false }),
  );
}

/** How alike pictures are, each with each. Errors: task/no-route, model/*. */
export function comparePictures(
  router: Router,
  vectors: VectorStore,
  request: MatchRequest,
  signal: AbortSignal,
): Promise<Matches> {
  return match(router, vectors, request, signal, async (_, pictures) => [...pictures.values()]);
}

async function match(
  router: Router,
  vectors: VectorStore,
  { encoder, language, imageIds, routing }: MatchRequest,
  signal: AbortSignal,
  left: (
    encoding: Encoding,
    pictures: ReadonlyMap<ImageId, Float32Array>,
  ) => Promise<readonly Float32Array[]>,
): Promise<Matches> {
  const wanted = encoderRequest(language, routing, encoder);
  const { answered, result } = await router.run(wanted, signal, async (lease, told) => {
    const encoding = new Encoding(lease, vectors, told);
    const pictures = encoding.ofPictures(imageIds);
    const rows = await left(encoding, pictures);
    return { pictures, rows };
  });
  const columns = [...result.pictures.values()];
  return {
    modelId: answered.modelId,
    answered,
    similarities: result.rows.map((row) => columns.map((column) => dot(row, column))),
    imageIds: [...result.pictures.keys()],
    missing: imageIds.filter((id) => !result.pictures.has(id)),
  };
}
