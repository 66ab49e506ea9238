import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import { planCommands } from '#shared/models/planCommands.ts';
import {
  applyPlanEdit,
  type PlanStage,
  type StoryPlan,
  type StoryPlanEdit,
  type StoryPlanEvent,
} from '#shared/models/storyPlan.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { client } from '../api/client.ts';
import { tellError } from './notices.ts';
import { openScene } from './selectionStore.ts';
import { dispatch, flushStory, openStory, useStoryStore } from './storyStore.ts';

/** What is being written now. */
export interface PlanStep {
  readonly stage: PlanStage;
  readonly sceneId: SceneId | null;
  readonly text: string;
  /** A model that is being loaded for it. */
  readonly loading: ModelId | null;
}

export interface PlanState {
  /** The whole story in the making; `null` where none was begun. */
  readonly plan: StoryPlan | null;
  readonly isLoaded: boolean;
  /** `null` while nothing is written. */
  readonly step: PlanStep | null;
  readonly isRunning: boolean;
  readonly error: AppError | null;
}

const nothing: PlanState = { plan: null, isLoaded: false, step: null, isRunning: false, error: null };

export const usePlan = create<PlanState>(() => nothing);

const set = (patch: Partial<PlanState>): void => usePlan.setState(patch);

/** Edits that the studio has not confirmed yet. */
let pending: StoryPlanEdit[] = [];
let sending: Promise<void> = Promise.resolve();
let running: AbortController | null = null;

const session = () => ({ sessionId: openStory().sessionId });

/** Shows what the studio has, with the edits that it does not know yet. */
const take = (plan: StoryPlan | null): void =>
  set({ plan: plan && pending.reduce(applyPlanEdit, plan), isLoaded: true });

/** Asks for the open story's plan. */
export async function loadPlan(): Promise<void> {
  const { plan } = usePlan.getState();
  if (plan && plan.storyId !== openStory().story.id) {
    running?.abort();
    pending = [];
    set(nothing);
  }
  try {
    take(await client.plans.get(session()));
  } catch (thrown) {
    set({ error: AppError.from(thrown), isLoaded: true });
  }
}

export type PlanBeginning = Pick<StoryPlan, 'premise' | 'sceneCount' | 'imageIds' | 'modelId' | 'title'>;

/** Begins a plan and has it written. */
export async function beginPlan(beginning: PlanBeginning): Promise<void> {
  try {
    take(await client.plans.begin({ ...session(), ...beginning, seed: null }));
    await runPlan();
  } catch (thrown) {
    set({ error: AppError.from(thrown) });
  }
}

/** Changes the plan at once, and in the studio as soon as it can be. */
export function editPlan(edit: StoryPlanEdit): void {
  const { plan } = usePlan.getState();
  if (!plan) return;
  pending = [...pending, edit];
  set({ plan: applyPlanEdit(plan, edit) });
  const to = session();
  sending = sending.then(async () => {
    try {
      await client.plans.edit({ ...to, edit });
    } catch (thrown) {
      tellError(AppError.from(thrown));
    } finally {
      pending = pending.filter((one) => one !== edit);
    }
  });
}

/** Goes on writing until everything is there, or something stops it. */
export async function runPlan(): Promise<void> {
  running?.abort();
  const own = new AbortController();
  running = own;
  set({ isRunning: true, error: null, step: null });
  try {
    await sending;
    await flushStory();
    for await (const event of await client.plans.run(session(), { signal: own.signal })) hear(event);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!own.signal.aborted && error.code !== 'task/cancelled') set({ error });
  } finally {
    if (running === own) {
      running = null;
      set({ isRunning: false, step: null });
      if (useStoryStore.getState().story) await loadPlan();
    }
  }
}

function hear(event: StoryPlanEvent): void {
  const { step } = usePlan.getState();
  switch (event.type) {
    case 'plan':
      take(event.plan);
      return;
    case 'step':
      set({ step: { stage: event.stage, sceneId: event.sceneId, text: '', loading: null } });
      return;
    case 'loading':
      if (step) set({ step: { ...step, loading: event.modelId } });
      return;
    case 'text':
      if (step) set({ step: { ...step, text: step.text + event.text, loading: null } });
      return;
    case 'done':
      return;
  }
}

/** Stops writing; what has come stays. */
export const stopPlan = (): void => running?.abort();

/** Gives the plan up. */
export async function discardPlan(): Promise<void> {
  running?.abort();
  pending = [];
  try {
    await client.plans.discard(session());
    set({ ...nothing, isLoaded: true });
  } catch (thrown) {
    set({ error: AppError.from(thrown) });
  }
}

/** Puts the plan into the story as one step of undo, with a snapshot before it. `false` where the story refused. */
export async function acceptPlan(
  wish: { readonly withTitle: boolean },
  labels: { readonly step: string; readonly snapshot: string },
): Promise<boolean> {
  const { plan } = usePlan.getState();
  const { story, sessionId } = openStory();
  if (!plan) return false;
  running?.abort();
  try {
    await flushStory();
    await client.snapshots.create({ sessionId, name: labels.snapshot, reason: 'before-change' });
  } catch (thrown) {
    set({ error: AppError.from(thrown) });
    return false;
  }
  if (!dispatch(planCommands(story, plan, wish), { label: labels.step })) return false;
  const [first] = plan.scenes;
  if (first) openScene(first.id);
  await discardPlan();
  return true;
}
