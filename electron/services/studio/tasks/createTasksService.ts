import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { hasSource } from '#shared/models/compose.ts';
import type { TalkTurn } from '#shared/models/conversation.ts';
import type { TogetherEvent } from '#shared/models/ensemble.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import { type Answered, type TaskKind, taskOfStyle } from '#shared/models/routing.ts';
import type { Sampling, WriteEvent } from '#shared/models/task.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { RoutingFor } from '../feedback/createFeedbackService.ts';
import { pictureFile } from '../images/pictureFile.ts';
import type { Session, Sessions } from '../session.ts';
import { aiSession } from './aiSession.ts';
import { type ComposeWish, composeContextOf } from './composeContext.ts';
import { createPictureTasks } from './createPictureTasks.ts';
import { picturesOfTurns, rasterTurns } from './rasterTurns.ts';
import { writeContextOf } from './sceneContext.ts';
import { createShowPictures } from './shownPictures.ts';
import { type RasterSource, withRaster } from './withRaster.ts';
import { streamWithRasters } from './withRasters.ts';

type EngineClient = ContractRouterClient<EngineContract, Record<never, never>>;

interface InSession {
  readonly sessionId: SessionId;
}

interface InScene extends InSession {
  readonly sceneId: SceneId;
}

export interface WriteInput extends InScene {
  readonly instruction: string;
  readonly at: number | null;
  readonly modelId: ModelId | null;
  readonly sampling: { readonly [Key in keyof Sampling]?: Sampling[Key] | undefined };
}

export interface ComposeInput extends InSession, Omit<ComposeWish, 'scene'> {
  readonly sceneId: SceneId | null;
  readonly modelId: ModelId | null;
  readonly sampling: WriteInput['sampling'];
}

interface OfPicture extends InSession {
  readonly imageId: ImageId;
  /** The model to ask first. */
  readonly modelId?: ModelId | null;
}

/** Every answer says where it is from. */
interface From {
  readonly modelId: ModelId;
  readonly answered: Answered;
}

export interface ConverseInput extends InSession {
  readonly turns: readonly TalkTurn[];
  readonly modelId: ModelId | null;
  readonly sampling: WriteInput['sampling'];
}

/** The `tasks` namespace of the contract: the studio knows the story, the engine knows the models. */
export function createTasksService({
  sessions,
  engine,
  routing,
  rasters,
}: {
  sessions: Sessions;
  engine: EngineClient;
  routing: RoutingFor;
  rasters: Omit<RasterSource, 'need'>;
}) {
  const sessionFor = (id: SessionId): Session => aiSession(sessions, id);

  const sceneWithText = async (session: Session, id: SceneId): Promise<{ scene: Scene; text: string }> => {
    const texts = await session.readTexts([id]);
    const scene = session.story.scenes[id];
    if (!scene) throw new AppError('input/invalid', 'No such scene', { details: { sceneId: id } });
    return { scene, text: texts.get(id) ?? scene.text ?? '' };
  };

  const imagePath = async (session: Session, id: ImageId): Promise<string> => {
    const image = session.story.images[id];
    if (!image) throw new AppError('image/not-found', 'No such picture', { details: { imageId: id } });
    return pictureFile(session.folder, image);
  };

  /** Pixels as large as the models need that may be asked. */
  const rastersFor = async (
    purpose: TaskKind,
    language: Language,
    modelId: ModelId | null,
  ): Promise<RasterSource> => {
    const wanted = { purpose, language, routing: routing(purpose, language, modelId) };
    return { ...rasters, need: await engine.inference.rasterNeed(wanted) };
  };

  const show = createShowPictures({ engine, routing, rasters });

  return {
    ...createPictureTasks({ sessions, engine, routing, rasters }),

    /** Streams text for a place in a scene. Errors: task/no-route, task/ai-disabled, model/*, engine/*. */
    async *write(
      { sessionId, sceneId, instruction, at, modelId, sampling }: WriteInput,
      signal?: AbortSignal,
    ): AsyncGenerator<WriteEvent> {
      const session = sessionFor(sessionId);
      const { scene, text } = await sceneWithText(session, sceneId);
      const context = writeContextOf(session.story, { scene, text, at, instruction });
      const imageIds = scene.pictures.map(({ imageId }) => imageId);
      const shown = { session, language: context.language, imageIds, modelId };
      yield* show(shown, signal, async function* (seen) {
        yield* await engine.inference.write(
          {
            context,
            rasters: [...seen],
            routing: routing('write', context.language, modelId),
            sampling,
          },
          options(signal),
        );
      });
    },

    /** Streams what is no scene. Errors: input/invalid, task/no-route, task/ai-disabled, model/*, engine/*. */
    async *compose(
      { sessionId, sceneId, modelId, sampling, ...wish }: ComposeInput,
      signal?: AbortSignal,
    ): AsyncGenerator<WriteEvent> {
      const session = sessionFor(sessionId);
      const at = sceneId === null ? null : await sceneWithText(session, sceneId);
      const source = wish.source || (hasSource(wish.purpose) ? (at?.text ?? '') : '');
      const context = composeContextOf(session.story, { ...wish, source, scene: at?.scene ?? null });
      yield* await engine.inference.compose(
        { context, routing: routing('compose', context.language, modelId), sampling },
        options(signal),
      );
    },

    /** Errors: task/no-route naming what to install. */
    async ask(
      { sessionId, imageId, question, modelId = null }: OfPicture & { question: string },
      signal?: AbortSignal,
    ): Promise<From & { answer: string }> {
      const session = sessionFor(sessionId);
      const { language } = session.story;
      const path = await imagePath(session, imageId);
      return withRaster(await rastersFor('answer', language, modelId), path, signal, (raster) =>
        engine.inference.answer(
          { language, question, raster, routing: routing('answer', language, modelId) },
          options(signal),
        ),
      );
    },

    /** Streams the answer to the last turn of a conversation about pictures. Errors: as those of `ask`. */
    async *converse(
      { sessionId, turns, modelId, sampling }: ConverseInput,
      signal?: AbortSignal,
    ): AsyncGenerator<WriteEvent> {
      const session = sessionFor(sessionId);
      const { language } = session.story;
      const paths = await Promise.all(picturesOfTurns(turns).map((id) => imagePath(session, id)));
      const sized = await rastersFor('answer', language, modelId);
      yield* streamWithRasters(sized, paths, signal, async function* (seen) {
        const told = rasterTurns(turns, seen);
        yield* await engine.inference.converse(
          { language, turns: told, routing: routing('answer', language, modelId), sampling },
          options(signal),
        );
      });
    },

    /** What every model that sees says of a picture, in the story's language. Errors: as those of `describe`. */
    async *describeTogether(
      { sessionId, imageId, style }: InSession & { imageId: ImageId; style: DescriptionStyle },
      signal?: AbortSignal,
    ): AsyncGenerator<TogetherEvent> {
      const session = sessionFor(sessionId);
      const { language } = session.story;
      const task = taskOfStyle(style);
      const paths = [await imagePath(session, imageId)];
      const sized = await rastersFor(task, language, null);
      yield* streamWithRasters(sized, paths, signal, async function* ([raster]) {
        if (!raster) return;
        const request = { style, language, raster, routing: routing(task, language, null) };
        yield* await engine.inference.describeTogether(request, options(signal));
      });
    },

    /** In the story's language unless another is asked for. Errors: task/no-route naming what to install. */
    async describe(
      {
        sessionId,
        imageId,
        style,
        language,
        modelId = null,
      }: OfPicture & { style: DescriptionStyle; language?: Language },
      signal?: AbortSignal,
    ): Promise<From & { description: string }> {
      const session = sessionFor(sessionId);
      const wanted = { language: language ?? session.story.language, style };
      const task = taskOfStyle(style);
      const path = await imagePath(session, imageId);
      return withRaster(await rastersFor(task, wanted.language, modelId), path, signal, (raster) =>
        engine.inference.describe(
          { ...wanted, raster, routing: routing(task, wanted.language, modelId) },
          options(signal),
        ),
      );
    },
  };
}

const options = (signal: AbortSignal | undefined): { signal?: AbortSignal } =>
  signal === undefined ? {} : { signal };
