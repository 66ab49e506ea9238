import { z } from 'zod';
import { CharacterId, ImageId, SceneId, StoryId } from '../story/ids.ts';
import { Language } from '../story/scene.ts';
import type { ProposedCharacter, ProposedScene } from '../text/proposals/proposals.ts';
import { ModelId } from './modelId.ts';

/** A character of the plan; the story gets it when the writer accepts. */
export const PlannedCharacter = z.object({ id: CharacterId, name: z.string(), description: z.string() });
export type PlannedCharacter = z.infer<typeof PlannedCharacter>;

/** A scene of the plan, and its text as far as it is written. */
export const PlannedScene = z.object({
  id: SceneId,
  title: z.string(),
  summary: z.string(),
  text: z.string(),
  /** What the text came to, told to later scenes; empty where nobody summarised it. */
  recap: z.string(),
  /** Who wrote the text; `null` for the writer, or nobody yet. */
  modelId: ModelId.nullable(),
  isWritten: z.boolean(),
});
export type PlannedScene = z.infer<typeof PlannedScene>;

export const PlanStage = z.enum(['title', 'characters', 'outline', 'scenes']);
export type PlanStage = z.infer<typeof PlanStage>;

/** A whole story in the making: what a model proposed and the writer changed, beside the story until it is accepted. */
export const StoryPlan = z.object({
  storyId: StoryId,
  language: Language,
  /** What the story is to be about, in the writer's words. */
  premise: z.string(),
  sceneCount: z.number().int().min(1).max(30),
  /** Pictures of the story that it is to be about. */
  imageIds: z.array(ImageId).max(50),
  modelId: ModelId.nullable(),
  /** What every draw of the plan begins with, so that a plan can be had again. */
  seed: z.number().int().nonnegative(),
  title: z.string(),
  /** Other titles that were proposed. */
  titles: z.array(z.string()),
  characters: z.array(PlannedCharacter),
  scenes: z.array(PlannedScene),
  /** Stages that are settled, by a model or by the writer. */
  settled: z.array(PlanStage),
});
export type StoryPlan = z.infer<typeof StoryPlan>;

/** What the writer may do to a plan at any time, while it is being written too: each touches one thing only. */
export const StoryPlanEdit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('plan'),
    patch: StoryPlan.pick({ premise: true, sceneCount: true, modelId: true, title: true }).partial(),
  }),
  /** A settled stage is not written by a model; one that is not settled is proposed again. */
  z.object({ kind: z.literal('settle'), stage: PlanStage, isSettled: z.boolean() }),
  /** Changes a character, or adds one at the end. */
  z.object({ kind: z.literal('character'), character: PlannedCharacter }),
  z.object({ kind: z.literal('character.remove'), id: CharacterId }),
  /** Changes a scene, or adds one at the end. */
  z.object({
    kind: z.literal('scene'),
    id: SceneId,
    patch: PlannedScene.pick({ title: true, summary: true, text: true, isWritten: true }).partial(),
  }),
  z.object({ kind: z.literal('scene.remove'), id: SceneId }),
  z.object({ kind: z.literal('scene.move'), id: SceneId, index: z.number().int().nonnegative() }),
]);
export type StoryPlanEdit = z.infer<typeof StoryPlanEdit>;

type Patch<Whole> = { readonly [Key in keyof Whole]?: Whole[Key] | undefined };

const patched = <Whole extends object>(whole: Whole, patch: Patch<Whole>): Whole => ({
  ...whole,
  ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
});

/** The next thing to do for a plan. */
export type PlanStep =
  | { readonly kind: 'title' | 'characters' | 'outline' }
  | { readonly kind: 'scene'; readonly scene: PlannedScene }
  | { readonly kind: 'done' };

/** Title, then characters, then the outline, then every scene without a text, in order. */
export function nextStep(plan: StoryPlan): PlanStep {
  for (const kind of ['title', 'characters', 'outline'] as const) {
    if (!plan.settled.includes(kind)) return { kind };
  }
  const scene = plan.scenes.find(({ isWritten }) => !isWritten);
  return scene ? { kind: 'scene', scene } : { kind: 'done' };
}

const settle = (plan: StoryPlan, stage: PlanStage): PlanStage[] => [...new Set([...plan.settled, stage])];

/** Takes proposed titles over; the first becomes the title unless the writer gave one meanwhile. */
export const withTitles = (plan: StoryPlan, titles: readonly string[]): StoryPlan => ({
  ...plan,
  title: plan.title || (titles[0] ?? ''),
  titles: [...titles],
  settled: settle(plan, 'title'),
});

/** Takes proposed characters over, beside those that the writer added meanwhile; a name counts once. */
export function withCharacters(
  plan: StoryPlan,
  proposed: readonly ProposedCharacter[],
  known: readonly string[],
  createId: () => CharacterId,
): StoryPlan {
  const names = new Set(
    [...known, ...plan.characters.map(({ name }) => name)].map((name) => name.toLowerCase()),
  );
  const fresh = proposed.filter(({ name }) => !names.has(name.toLowerCase()));
  return {
    ...plan,
    characters: [...plan.characters, ...fresh.map((one) => ({ id: createId(), ...one }))],
    settled: settle(plan, 'characters'),
  };
}

/** Takes planned scenes over, after those that are there, as many as were wished for. */
export function withScenes(
  plan: StoryPlan,
  proposed: readonly ProposedScene[],
  createId: () => SceneId,
): StoryPlan {
  const room = Math.max(0, plan.sceneCount - plan.scenes.length);
  const scenes = proposed.slice(0, room).map((scene) => createPlannedScene(createId(), scene));
  return { ...plan, scenes: [...plan.scenes, ...scenes], settled: settle(plan, 'outline') };
}

export const createPlannedScene = (id: SceneId, { title, summary }: ProposedScene): PlannedScene => ({
  id,
  title,
  summary,
  text: '',
  recap: '',
  modelId: null,
  isWritten: false,
});

/** Changes one scene of a plan; a scene that the writer took out meanwhile stays out. */
export const withScene = (plan: StoryPlan, id: SceneId, patch: Patch<PlannedScene>): StoryPlan => ({
  ...plan,
  scenes: plan.scenes.map((scene) => (scene.id === id ? patched(scene, patch) : scene)),
});

/** Carries an edit out. What is not there any more is left alone. */
export function applyPlanEdit(plan: StoryPlan, edit: StoryPlanEdit): StoryPlan {
  switch (edit.kind) {
    case 'plan':
      return patched(plan, edit.patch);
    case 'settle': {
      const others = plan.settled.filter((stage) => stage !== edit.stage);
      return { ...plan, settled: edit.isSettled ? [...others, edit.stage] : others };
    }
    case 'character': {
      const { character } = edit;
      const isKnown = plan.characters.some(({ id }) => id === character.id);
      const characters = plan.characters.map((one) => (one.id === character.id ? character : one));
      return { ...plan, characters: isKnown ? characters : [...characters, character] };
    }
    case 'character.remove':
      return { ...plan, characters: plan.characters.filter(({ id }) => id !== edit.id) };
    case 'scene': {
      if (plan.scenes.some(({ id }) => id === edit.id)) return withScene(plan, edit.id, edit.patch);
      const scene = createPlannedScene(edit.id, { title: '', summary: '' });
      return { ...plan, scenes: [...plan.scenes, patched(scene, edit.patch)] };
    }
    case 'scene.remove':
      return { ...plan, scenes: plan.scenes.filter(({ id }) => id !== edit.id) };
    case 'scene.move': {
      const scene = plan.scenes.find(({ id }) => id === edit.id);
      if (!scene) return plan;
      const others = plan.scenes.filter(({ id }) => id !== edit.id);
      return { ...plan, scenes: others.toSpliced(edit.index, 0, scene) };
    }
  }
}

/** What a running plan tells. The whole plan comes after every change, the text of a step as it is written. */
export const StoryPlanEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), plan: StoryPlan }),
  z.object({ type: z.literal('step'), stage: PlanStage, sceneId: SceneId.nullable() }),
  z.object({ type: z.literal('loading'), modelId: ModelId }),
  z.object({ type: z.literal('text'), text: z.string() }),
  /** Nothing is left to do. */
  z.object({ type: z.literal('done') }),
]);
export type StoryPlanEvent = z.infer<typeof StoryPlanEvent>;
