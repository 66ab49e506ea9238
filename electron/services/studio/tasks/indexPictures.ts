import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Routing } from '#shared/models/routing.ts';
import type { IndexEvent } from '#shared/models/task.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import type { RasterSource } from './withRaster.ts';
import { withRasters } from './withRasters.ts';

type Inference = ContractRouterClient<EngineContract, Record<never, never>>['inference'];

/** Pictures whose pixels are on the disk at once: what an encoder takes together on a processor. */
const chunk = 8;

export interface PicturesToIndex {
  readonly imageIds: readonly ImageId[];
  readonly language: Language;
  /** What the pictures will be compared with; `null` for each other. */
  readonly words: string | null;
  readonly routing: Routing;
  /** Errors: image/not-found. */
  pathOf(imageId: ImageId): Promise<string>;
}

/**
 * Has every picture looked at that the comparing model has not seen, a few at a time, and tells how far it is; cancelled,
 * what was looked at stays. Pictures that cannot be decoded are left out. Errors: imaging/*, disk/*, model/*, engine/*.
 */
export async function* indexPictures(
  engine: Inference,
  source: Omit<RasterSource, 'need'>,
  { imageIds, language, words, routing, pathOf }: PicturesToIndex,
  signal: AbortSignal,
): AsyncGenerator<IndexEvent> {
  const options = { signal };
  const { encoder, missing } = await engine.missingVectors(
    { imageIds: [...imageIds], language, words, routing },
    options,
  );
  const total = missing.length;
  yield { encoder, done: 0, total, failed: 0 };
  if (encoder === null || total === 0) return;
  const need = await engine.rasterNeed({ purpose: 'vectors', language, encoder, routing }, options);
  const rasters = { ...source, need };
  let failed = 0;
  for (let start = 0; start < total; start += chunk) {
    const some = missing.slice(start, start + chunk);
    const encode = (ids: readonly ImageId[]) =>
      encodeTogether(engine, rasters, { ids, encoder, language, routing, pathOf }, signal);
    try {
      await encode(some);
    } catch (thrown) {
      if (!isAboutPicture(thrown)) throw thrown;
      failed += await countFailures(some, encode);
    }
    yield { encoder, done: Math.min(total, start + chunk), total, failed };
  }
}

const isAboutPicture = (thrown: unknown): boolean => AppError.from(thrown).code.startsWith('image/');

/** One by one, so that a bad picture does not take the others with it. */
async function countFailures(
  ids: readonly ImageId[],
  encode: (ids: readonly ImageId[]) => Promise<void>,
): Promise<number> {
  let failed = 0;
  for (const id of ids) {
    await encode([id]).catch((thrown: unknown) => {
      if (!isAboutPicture(thrown)) throw thrown;
      failed += 1;
    });
  }
  return failed;
}

async function encodeTogether(
  engine: Inference,
  rasters: RasterSource,
  {
    ids,
    pathOf,
    ...asked
  }: Pick<PicturesToIndex, 'language' | 'routing' | 'pathOf'> & {
    readonly ids: readonly ImageId[];
    readonly encoder: ModelId;
  },
  signal: AbortSignal,
): Promise<void> {
  const paths = await Promise.all(ids.map(pathOf));
  await withRasters(rasters, paths, signal, async (pixels) => {
    const pictures = pixels.flatMap((raster, index) => {
      const imageId = ids[index];
      return imageId === undefined ? [] : [{ imageId, raster }];
    });
    await engine.encodePictures({ ...asked, pictures }, { signal });
  });
}
