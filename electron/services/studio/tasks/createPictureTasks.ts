import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { Matches } from '#shared/contract/pictureInference.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { IndexEvent, RankedImage, SimilarImage } from '#shared/models/task.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import type { RoutingFor } from '../feedback/createFeedbackService.ts';
import { pictureFile } from '../images/pictureFile.ts';
import type { Session, Sessions } from '../session.ts';
import { aiSession } from './aiSession.ts';
import { indexPictures } from './indexPictures.ts';
import { passageOf, rankCandidates } from './sceneContext.ts';
import type { RasterSource } from './withRaster.ts';

/** The pictures that are meant: those of the pool, or every one of the story. */
export interface InPool {
  readonly sessionId: SessionId;
  readonly pool: readonly ImageId[] | null;
}

export interface IllustrateInput extends InPool {
  readonly sceneId: SceneId;
  /** `null` for the whole scene. */
  readonly passage: string | null;
  readonly topK: number;
}

export interface Illustrations {
  readonly modelId: ModelId;
  readonly answered: Answered;
  readonly lookedBy: Answered | null;
  readonly ranking: RankedImage[];
}

/** What pictures are compared with: words, a scene or a passage of it, or with each other where both are `null`. */
export interface IndexInput extends InPool {
  readonly words: string | null;
  readonly scene: { readonly sceneId: SceneId; readonly passage: string | null } | null;
}

/** The part of the `tasks` namespace that compares pictures. */
export function createPictureTasks({
  sessions,
  engine: { inference },
  routing,
  rasters,
}: {
  sessions: Sessions;
  engine: Pick<ContractRouterClient<EngineContract, Record<never, never>>, 'inference'>;
  routing: RoutingFor;
  rasters: Omit<RasterSource, 'need'>;
}) {
  const poolOf = ({ story }: Session, pool: readonly ImageId[] | null): ImageId[] =>
    rankCandidates(story, pool).map(({ imageId }) => imageId);

  const told = async (session: Session, sceneId: SceneId, passage: string | null) => {
    const texts = await session.readTexts([sceneId]);
    const scene = session.story.scenes[sceneId];
    if (!scene) throw new AppError('input/invalid', 'No such scene', { details: { sceneId } });
    const words = passage ?? passageOf(scene, texts.get(sceneId) ?? scene.text ?? '');
    return { words, language: scene.lang };
  };

  /** Which model compares the story's pictures with words of its language, or with each other. */
  const seenBy = async (session: Session, pool: readonly ImageId[] | null, words: string | null) => {
    const { language } = session.story;
    const wanted = { imageIds: poolOf(session, pool), language, routing: routing('rank', language, null) };
    const { encoder } = await inference.missingVectors({ ...wanted, words });
    return { ...wanted, encoder };
  };

  return {
    /**
     * Has pictures looked at, as far as the model that compares them has not seen them, and tells how far it is. Other
     * tasks use what is there. Errors: task/ai-disabled, imaging/*, disk/*, model/*, engine/*.
     */
    async *indexPictures(
      { sessionId, pool, words, scene }: IndexInput,
      signal = new AbortController().signal,
    ): AsyncGenerator<IndexEvent> {
      const session = aiSession(sessions, sessionId);
      const about = scene
        ? await told(session, scene.sceneId, scene.passage)
        : { words, language: session.story.language };
      const wanted = {
        ...about,
        imageIds: poolOf(session, pool),
        routing: routing('rank', about.language, null),
        pathOf: async (id: ImageId) => {
          const image = session.story.images[id];
          if (!image) throw new AppError('image/not-found', 'No such picture', { details: { imageId: id } });
          return pictureFile(session.folder, image);
        },
      };
      yield* indexPictures(inference, rasters, wanted, signal);
    },

    /**
     * Ranks pictures for a scene or a passage of it, by their texts and, those that were looked at, by their looks.
     * Errors: task/nothing-to-rank, task/ai-disabled, model/*, engine/*.
     */
    async illustrate(
      { sessionId, sceneId, passage, pool, topK }: IllustrateInput,
      signal?: AbortSignal,
    ): Promise<Illustrations> {
      const session = aiSession(sessions, sessionId);
      const { words, language } = await told(session, sceneId, passage);
      const candidates = rankCandidates(session.story, pool);
      if (words.trim() === '' || candidates.length === 0) {
        throw new AppError('task/nothing-to-rank', 'There is no text, or no picture to choose from', {
          details: { pictures: candidates.length },
        });
      }
      const wanted = { language, routing: routing('rank', language, null) };
      const imageIds = candidates.map(({ imageId }) => imageId);
      const { encoder } = await inference.missingVectors({ ...wanted, imageIds, words });
      return inference.rank(
        { ...wanted, passage: words, candidates, topK, encoder },
        signal ? { signal } : {},
      );
    },

    /** How well each text fits each picture that was looked at. Errors: task/no-route, model/*, engine/*. */
    async match(
      { sessionId, pool, texts }: InPool & { texts: readonly string[] },
      signal?: AbortSignal,
    ): Promise<Matches> {
      const wanted = await seenBy(aiSession(sessions, sessionId), pool, texts.join('\n'));
      return inference.match({ ...wanted, texts: [...texts] }, signal ? { signal } : {});
    },

    /**
     * Pictures that look like this one, the most alike first, among those that were looked at.
     * Errors: task/no-route, image/not-found, model/*, engine/*.
     */
    async similar(
      { sessionId, imageId, topK }: { sessionId: SessionId; imageId: ImageId; topK: number },
      signal?: AbortSignal,
    ): Promise<{ modelId: ModelId; answered: Answered; similar: SimilarImage[] }> {
      const session = aiSession(sessions, sessionId);
      if (!session.story.images[imageId])
        throw new AppError('image/not-found', 'No such picture', { details: { imageId } });
      const wanted = await seenBy(session, null, null);
      const found = await inference.compare(wanted, signal ? { signal } : {});
      const row = found.similarities[found.imageIds.indexOf(imageId)] ?? [];
      const similar = found.imageIds
        .map((id, index) => ({ imageId: id, score: row[index] ?? -1 }))
        .filter((one) => one.imageId !== imageId && row.length > 0)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, topK);
      return { modelId: found.modelId, answered: found.answered, similar };
    },
  };
}
