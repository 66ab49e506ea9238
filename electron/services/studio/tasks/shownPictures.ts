import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import type { RoutingFor } from '../feedback/createFeedbackService.ts';
import { pictureFile } from '../images/pictureFile.ts';
import type { Session } from '../session.ts';
import type { RasterSource } from './withRaster.ts';
import { streamWithRasters } from './withRasters.ts';

/** Pictures that a writing model is shown at most. */
const maxShown = 4;

/** Whose pictures are shown, and to whom. */
export interface Shown {
  readonly session: Session;
  readonly language: Language;
  readonly imageIds: readonly ImageId[];
  readonly modelId: ModelId | null;
}

/** Shows pictures to whoever writes: streams `work` with their pixels. */
export type ShowPictures = <Event>(
  shown: Shown,
  signal: AbortSignal | undefined,
  work: (rasters: readonly RasterFile[]) => AsyncGenerator<Event>,
) => AsyncGenerator<Event>;

/**
 * Decodes pictures only where a model that writes might look at them, as large as it needs. One that is gone or cannot be
 * decoded is left out: a text need not fail for it.
 */
export function createShowPictures({
  engine,
  routing,
  rasters,
}: {
  engine: ContractRouterClient<EngineContract, Record<never, never>>;
  routing: RoutingFor;
  rasters: Omit<RasterSource, 'need'>;
}): ShowPictures {
  const anyWriterSees = async (language: Language): Promise<boolean> =>
    (await engine.models.list()).some(
      ({ manifest, status }) =>
        manifest.writing !== undefined &&
        manifest.capabilities.question_answering &&
        manifest.languages.includes(language) &&
        status.state !== 'absent',
    );
  return async function* show({ session, language, imageIds, modelId }, signal, work) {
    if (imageIds.length === 0 || !(await anyWriterSees(language))) {
      yield* work([]);
      return;
    }
    const images = imageIds.slice(0, maxShown).flatMap((id) => session.story.images[id] ?? []);
    const found = await Promise.allSettled(images.map((image) => pictureFile(session.folder, image)));
    const paths = found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const wanted = { purpose: 'write', language, routing: routing('write', language, modelId) } as const;
    const source = { ...rasters, need: await engine.inference.rasterNeed(wanted) };
    yield* streamWithRasters(source, paths, signal, work, 'leave-out');
  };
}
