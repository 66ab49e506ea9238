import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { StoryPlan, StoryPlanEdit, StoryPlanEvent } from '../models/storyPlan.ts';
import { SessionId } from './studio.ts';

const inSession = z.object({ sessionId: SessionId });

/** A whole story in the making, one for each story; nothing of it is in the story until the window sends commands. */
export const plans = {
  /** `null` where none was begun. */
  get: oc.input(inSession).output(StoryPlan.nullable()),
  /** Begins a plan, in place of an earlier one. */
  begin: oc
    .input(
      inSession
        .extend(
          StoryPlan.pick({ premise: true, sceneCount: true, imageIds: true, modelId: true, title: true })
            .shape,
        )
        /** `null`: one is drawn. */
        .extend({ seed: z.number().int().nonnegative().nullable() }),
    )
    .output(StoryPlan),
  /** Takes the writer's changes in, while it is being written too. Errors: plan/none. */
  edit: oc.input(inSession.extend({ edit: StoryPlanEdit })).output(StoryPlan),
  /**
   * Goes on from where the plan is until it is done or cancelled; what was written stays. A second run ends the first.
   * Errors: plan/none, task/*, model/*, engine/*.
   */
  run: oc.input(inSession).output(eventIterator(StoryPlanEvent)),
  discard: oc.input(inSession),
};
