import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import {
  applyPlanEdit,
  nextStep,
  type StoryPlan,
  type StoryPlanEdit,
  type StoryPlanEvent,
} from '#shared/models/storyPlan.ts';
import type { StoryId } from '#shared/story/ids.ts';
import type { Sessions } from '../session.ts';
import { aiSession } from '../tasks/aiSession.ts';
import type { Work } from '../work/createWork.ts';
import { type PlanWriter, propose, writePlannedScene } from './planSteps.ts';
import { StoryPlans } from './StoryPlans.ts';

interface InSession {
  readonly sessionId: SessionId;
}
type Beginning = InSession &
  Pick<StoryPlan, 'premise' | 'sceneCount' | 'imageIds' | 'modelId' | 'title'> & {
    readonly seed: number | null;
  };

/** A plan that is being written. */
interface Running {
  readonly abort: AbortController;
  /** Aborted by a second run, by giving the plan up, or by who asked. */
  readonly signal: AbortSignal;
  readonly ended: Promise<void>;
}

export type PlansService = ReturnType<typeof createPlansService>;

/** The `plans` namespace of the contract: whole stories, step by step, kept over restarts. */
export function createPlansService({
  sessions,
  work,
  engine,
  routing,
  describe,
  show,
}: {
  sessions: Sessions;
  work: Work;
} & Pick<PlanWriter, 'engine' | 'routing' | 'describe' | 'show'>) {
  const plans = new StoryPlans(work);
  const running = new Map<StoryId, Running>();

  const planOf = (storyId: StoryId): StoryPlan => {
    const plan = plans.get(storyId);
    if (!plan) throw new AppError('plan/none', 'No whole story was begun here');
    return plan;
  };
  const stop = (storyId: StoryId): void => running.get(storyId)?.abort.abort();

  async function* steps(
    sessionId: SessionId,
    storyId: StoryId,
    signal: AbortSignal,
  ): AsyncGenerator<StoryPlanEvent> {
    const session = aiSession(sessions, sessionId);
    const writer: PlanWriter = {
      engine,
      routing,
      describe,
      show,
      session,
      plan: () => planOf(storyId),
      change(alter) {
        const plan = plans.get(storyId);
        if (plan) plans.put(alter(plan));
      },
    };
    for (let step = nextStep(planOf(storyId)); step.kind !== 'done'; step = nextStep(planOf(storyId))) {
      signal.throwIfAborted();
      if (step.kind === 'scene') {
        yield { type: 'step', stage: 'scenes', sceneId: step.scene.id };
        yield* writePlannedScene(writer, step.scene, signal);
      } else {
        yield* propose(writer, step.kind, signal);
      }
      yield { type: 'plan', plan: planOf(storyId) };
    }
    yield { type: 'done' };
  }

  return {
    /** Where a run was just stopped, what it leaves is waited for, a second at most: who asks may be who reads its events. */
    async get({ sessionId }: InSession): Promise<StoryPlan | null> {
      const { id } = sessions.get(sessionId).story;
      const run = running.get(id);
      if (run?.signal.aborted) await Promise.race([run.ended, delay(1000)]);
      return plans.get(id);
    },

    begin({ sessionId, premise, sceneCount, imageIds, modelId, title, seed }: Beginning): StoryPlan {
      const { story } = sessions.get(sessionId);
      stop(story.id);
      const plan: StoryPlan = {
        storyId: story.id,
        language: story.language,
        premise,
        sceneCount,
        imageIds,
        modelId,
        seed: seed ?? randomInt(2 ** 31),
        title,
        titles: [],
        characters: [],
        scenes: [],
        settled: title.trim() === '' ? [] : ['title'],
      };
      plans.put(plan);
      return plan;
    },

    edit({ sessionId, edit }: InSession & { edit: StoryPlanEdit }): StoryPlan {
      const plan = applyPlanEdit(planOf(sessions.get(sessionId).story.id), edit);
      plans.put(plan);
      return plan;
    },

    async *run({ sessionId }: InSession, signal?: AbortSignal): AsyncGenerator<StoryPlanEvent> {
      const storyId = aiSession(sessions, sessionId).story.id;
      stop(storyId);
      const abort = new AbortController();
      const both = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const own: Running = { abort, signal: both, ended };
      running.set(storyId, own);
      try {
        yield* steps(sessionId, storyId, both);
      } finally {
        if (running.get(storyId) === own) running.delete(storyId);
        resolve();
      }
    },

    discard({ sessionId }: InSession): void {
      const storyId = sessions.get(sessionId).story.id;
      stop(storyId);
      plans.remove(storyId);
    },
  };
}
