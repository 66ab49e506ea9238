import { setImmediate } from 'node:timers/promises';
import { findContradictions } from '#shared/consistency/findContradictions.ts';
import type { Finding } from '#shared/consistency/findings.ts';
import { castMember, charactersOf } from '#shared/consistency/people/cast.ts';
import { type Fact, readPicture, readSheet, type SceneFacts } from '#shared/consistency/read/readTexts.ts';
import type { CheckEvent, PictureCheckEvent } from '#shared/contract/consistency.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { ErrorReportSchema } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Session, Sessions } from '../session.ts';
import { aiSession } from '../tasks/aiSession.ts';
import { checkPictures, type PictureComparer } from './checkPictures.ts';
import { type PictureQuestion, planQuestions, writtenPictureTexts } from './pictureTexts.ts';
import { SceneReader } from './SceneReader.ts';

/** Asks a model that sees. Errors: task/*, model/*, engine/*, image/*. */
type AskPicture = (
  input: { sessionId: SessionId; imageId: ImageId; question: string },
  signal?: AbortSignal,
) => Promise<{ modelId: string; answer: string }>;

export interface CheckInput {
  readonly sessionId: SessionId;
  /** `null`: the whole story. */
  readonly sceneId: SceneId | null;
  /** Whether models are asked about pictures. */
  readonly pictures: boolean;
}

export type ConsistencyService = ReturnType<typeof createConsistencyService>;

/** The `consistency` namespace of the contract: rules read the texts, models look at the pictures. */
export function createConsistencyService({
  sessions,
  ask,
  comparer,
}: {
  sessions: Sessions;
  ask: AskPicture;
  comparer: PictureComparer;
}) {
  const readers = new WeakMap<Session, SceneReader>();
  const readerOf = (session: Session): SceneReader => {
    const reader = readers.get(session) ?? new SceneReader();
    readers.set(session, reader);
    return reader;
  };

  return {
    /** Streams progress, then the pictures that do not fit. Errors: task/no-route, task/ai-disabled, model/*, engine/*. */
    pictures(
      { sessionId }: { sessionId: SessionId },
      signal = new AbortController().signal,
    ): AsyncGenerator<PictureCheckEvent> {
      return checkPictures(aiSession(sessions, sessionId), comparer, signal);
    },

    /** Streams progress and findings. Errors: project/closed, input/invalid, task/cancelled. */
    async *check(
      { sessionId, sceneId, pictures }: CheckInput,
      signal?: AbortSignal,
    ): AsyncGenerator<CheckEvent> {
      const session = sessions.get(sessionId);
      if (sceneId !== null && !session.story.scenes[sceneId]) {
        throw new AppError('input/invalid', 'No such scene', { details: { sceneId } });
      }
      const order = sceneOrder(session.story.outline);
      const texts = await session.readTexts(order);
      const { story } = session;
      const characters = charactersOf(story);
      const cast = characters.map(castMember);
      const reader = readerOf(session);
      reader.keepOnly(new Set(order));

      const scenes: SceneFacts[] = [];
      let scenesKnown = 0;
      for (const [index, id] of order.entries()) {
        stopIfAsked(signal);
        const { facts, wasKnown } = reader.read(
          id,
          texts.get(id) ?? '',
          story.scenes[id]?.lang ?? story.language,
          cast,
        );
        scenes.push(facts);
        if (wasKnown) scenesKnown += 1;
        else await setImmediate();
        yield { type: 'reading', done: index + 1, total: order.length };
      }

      const sheets = characters.flatMap((character) => readSheet(character, cast));
      const seen: Fact[] = writtenPictureTexts(story).flatMap((text) => readPicture(text, cast));
      const concerns = ({ a, b }: Finding): boolean =>
        sceneId === null ||
        [a, b].some(({ evidence }) => evidence.kind === 'scene' && evidence.sceneId === sceneId);
      const found = (): Finding[] =>
        findContradictions({ cast, order, sheets, scenes, pictures: seen }, story.decisions).filter(concerns);
      yield { type: 'findings', findings: found() };

      const questions = pictures && sceneId === null ? planQuestions(story, sheets) : [];
      let answers = 0;
      let problem: AppError | null = null;
      for (const [index, question] of questions.entries()) {
        stopIfAsked(signal);
        yield { type: 'looking', done: index, total: questions.length };
        const result = await look(session, question, signal);
        if (result instanceof AppError) {
          problem = result;
          if (endsLooking(result)) break;
          continue;
        }
        answers += 1;
        const { imageId, characterId, topic } = question;
        const facts = readPicture(
          { imageId, characterId, source: 'answer', topic, text: result.answer, modelId: result.modelId },
          cast,
        );
        if (facts.length === 0) continue;
        seen.push(...facts);
        yield { type: 'findings', findings: found() };
      }
      yield {
        type: 'done',
        findings: found(),
        scenesRead: order.length - scenesKnown,
        scenesKnown,
        answers,
        unanswered: questions.length - answers,
        problem: problem === null ? null : ErrorReportSchema.parse(problem.toReport()),
      };
    },
  };

  async function look(
    session: Session,
    { imageId, question }: PictureQuestion,
    signal: AbortSignal | undefined,
  ): Promise<{ modelId: string; answer: string } | AppError> {
    try {
      if (!session.story.settings.aiEnabled) {
        throw new AppError('task/ai-disabled', 'Models are switched off in this story');
      }
      return await ask({ sessionId: session.id, imageId, question }, signal);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'task/cancelled') throw error;
      return error;
    }
  }
}

function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('task/cancelled', 'Stopped');
}

/** One damaged picture does not end the looking; a missing model does. */
const endsLooking = ({ code }: AppError): boolean => !code.startsWith('image/');
