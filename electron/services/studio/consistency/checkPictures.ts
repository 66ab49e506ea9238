import { findMisfits, findOutsiders, type Misfit } from '#shared/consistency/misfits.ts';
import type { MisfitPicture, PictureCheckEvent } from '#shared/contract/consistency.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/modelId.ts';
import type { Routing } from '#shared/models/routing.ts';
import type { IndexEvent } from '#shared/models/task.ts';
import { chosenLook } from '#shared/story/decision.ts';
import type { CharacterId, ImageId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import type { Session } from '../session.ts';
import { picturesOfCharacters } from './pictureTexts.ts';

/** How pictures are looked at and compared. Errors: task/*, model/*, engine/*, imaging/*. */
export interface PictureComparer {
  /** Has every picture of the story looked at that the comparing model has not seen. */
  index(sessionId: SessionId, signal: AbortSignal): AsyncIterable<IndexEvent>;
  compare(
    request: { encoder: ModelId; language: Language; imageIds: ImageId[]; routing: Routing },
    signal: AbortSignal,
  ): Promise<{ modelId: ModelId; similarities: number[][]; imageIds: ImageId[] }>;
  routing(language: Language): Routing;
}

/** Looks at pictures, compares them, and tells which fit neither the look of the story nor the rest of their character's. */
export async function* checkPictures(
  session: Session,
  comparer: PictureComparer,
  signal: AbortSignal,
): AsyncGenerator<PictureCheckEvent> {
  let encoder: ModelId | null = null;
  for await (const event of comparer.index(session.id, signal)) {
    encoder = event.encoder;
    yield { type: 'looking', done: event.done, total: event.total };
  }
  if (encoder === null) throw new AppError('task/no-route', 'No model that compares pictures is installed');
  const { story } = session;
  const wanted = livePictures(story).map(({ id }) => id);
  const { language } = story;
  const routing = comparer.routing(language);
  const { modelId, similarities, imageIds } = await comparer.compare(
    { encoder, language, imageIds: wanted, routing },
    signal,
  );
  yield {
    type: 'done',
    modelId,
    compared: imageIds.length,
    misfits: misfitsOf(story, similarities, imageIds),
  };
}

/** Pictures unlike the look, then pictures unlike the others of their character. */
function misfitsOf(
  story: Story,
  similarities: readonly (readonly number[])[],
  imageIds: readonly ImageId[],
): MisfitPicture[] {
  const indexesOf = (ids: readonly ImageId[]) =>
    [...new Set(ids)].map((id) => imageIds.indexOf(id)).filter((index) => index >= 0);
  const told =
    (characterId: CharacterId | null) =>
    ({ index, score, least }: Misfit): MisfitPicture[] => {
      const imageId = imageIds[index];
      return imageId === undefined ? [] : [{ imageId, characterId, score, least }];
    };
  const look = indexesOf(chosenLook(story.decisions));
  const others = imageIds.map((_, index) => index).filter((index) => !look.includes(index));
  const byCharacter = Map.groupBy(picturesOfCharacters(story), ({ characterId }) => characterId);
  return [
    ...findMisfits(similarities, look, others).flatMap(told(null)),
    ...[...byCharacter].flatMap(([characterId, pictures]) =>
      findOutsiders(similarities, indexesOf(pictures.map(({ imageId }) => imageId))).flatMap(
        told(characterId),
      ),
    ),
  ];
}
