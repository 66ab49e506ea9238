import { setTimeout as delay } from 'node:timers/promises';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import type { ModelId } from '#shared/models/modelId.ts';
import type { IndexEvent } from '#shared/models/task.ts';
import type { WarmUpEvent } from '#shared/models/warmUp.ts';
import type { Settings } from '#shared/settings.ts';
import type { ServiceProcess } from '../app/ServiceProcess.ts';
import type { RoutingFor } from '../feedback/createFeedbackService.ts';
import type { Sessions } from '../session.ts';
import { rankCandidates } from '../tasks/sceneContext.ts';
import { type Machine, planWarmUp, warmsUp } from './planWarmUp.ts';

/** How long nobody must have waited for a model. */
const quietMs = 3000;
const lookEveryMs = 250;

export interface WarmUpOptions {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly engine: Pick<ServiceProcess<EngineContract>, 'client' | 'status'>;
  readonly settings: () => Settings;
  readonly machine: Machine;
  readonly routing: RoutingFor;
  /** What the writer waits for in person. */
  readonly writer: { readonly isBusy: boolean };
  indexPictures(sessionId: SessionId, signal: AbortSignal): AsyncGenerator<IndexEvent>;
  readonly quietMs?: number;
}

/**
 * Makes ready what a story will need soon: the model that wrote last, the one that compares pictures, and the looks of
 * pictures that it has not seen. It stands back whenever somebody waits for a model, and a failure ends it silently: who
 * asks will be told.
 */
export function createWarmUp(options: WarmUpOptions) {
  const { sessions, engine, settings, machine, routing, writer } = options;

  /** Resolves when nobody has waited for a model for a while. */
  const quiet = async (signal: AbortSignal): Promise<void> => {
    const wanted = options.quietMs ?? quietMs;
    for (let quietFor = 0; quietFor < wanted; quietFor += lookEveryMs) {
      await delay(Math.min(lookEveryMs, wanted), undefined, { signal });
      if (writer.isBusy || engine.status.state !== 'ready') quietFor = -lookEveryMs;
    }
  };

  const modelsFor = async (sessionId: SessionId) => {
    const { story } = sessions.get(sessionId);
    const { language } = story;
    const { client } = engine;
    const { modelId: lastWriter } = await client.metrics.lastUsed({ task: 'write' });
    const imageIds = rankCandidates(story, null).map(({ imageId }) => imageId);
    const { encoder } =
      imageIds.length === 0
        ? { encoder: null }
        : await client.inference.missingVectors({
            imageIds,
            language,
            words: null,
            routing: routing('rank', language, null),
          });
    const entries = await client.models.list();
    const models = planWarmUp(entries, [lastWriter, encoder], settings().modelMemoryBytes);
    return { models, encoder };
  };

  const load = async (sessionId: SessionId, modelId: ModelId, isEncoder: boolean, signal: AbortSignal) => {
    const { models, inference } = engine.client;
    await models.load({ modelId }, { signal });
    if (!isEncoder) return;
    // Its halves are opened when they are first asked: texts are what will be waited for.
    const { title, language } = sessions.get(sessionId).story;
    const wanted = { encoder: modelId, language, imageIds: [], routing: routing('rank', language, null) };
    await inference.match({ ...wanted, texts: [title || '…'] }, { signal });
  };

  async function* steps(sessionId: SessionId, signal: AbortSignal): AsyncGenerator<WarmUpEvent> {
    await quiet(signal);
    const { models, encoder } = await modelsFor(sessionId);
    for (const modelId of models) {
      yield { kind: 'waiting' };
      await quiet(signal);
      yield { kind: 'loading', modelId };
      await load(sessionId, modelId, modelId === encoder, signal);
    }
    for await (const { done, total } of options.indexPictures(sessionId, signal)) {
      if (done >= total) break;
      yield { kind: 'waiting' };
      await quiet(signal);
      yield { kind: 'looking', done, total };
    }
  }

  return {
    /** Tells what is being made ready; ends when all is, or where the writer does not want it. */
    async *run(sessionId: SessionId, signal = new AbortController().signal): AsyncGenerator<WarmUpEvent> {
      const { story } = sessions.get(sessionId);
      if (!warmsUp(settings().warmUp, machine) || !story.settings.aiEnabled) return;
      try {
        yield* steps(sessionId, signal);
      } catch {
        // Nobody asked for it.
      }
    },
  };
}

export type WarmUp = ReturnType<typeof createWarmUp>;
