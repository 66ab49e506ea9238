import { randomInt } from 'node:crypto';
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
  const running = new Map<StoryId, AbortController>();

  const planOf = (storyId: StoryId): StoryPlan => {
    const plan = plans.get(storyId);
    if (!plan) throw new AppError('plan/none', 'No whole story was begun here');
    return plan;
  };
  const stop = (storyId: StoryId): void => running.get(storyId)?.abort();

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
    get({ sessionId }: InSession): StoryPlan | null {
      return plans.get(sessions.get(sessionId).story.id);
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
      const own = new AbortController();
      running.set(storyId, own);
      try {
        const both = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
        yield* steps(sessionId, storyId, both);
      } finally {
        if (running.get(storyId) === own) running.delete(storyId);
      }
    },

    discard({ sessionId }: InSession): void {
      const storyId = sessions.get(sessionId).story.id;
      stop(storyId);
      plans.remove(storyId);
    },
  };
}
