import { z } from 'zod';
import { Language } from '../story/scene.ts';
import type { DescriptionStyle } from '../text/prompts/describePicture.ts';
import { Precision } from './manifest.ts';
import { ModelId } from './modelId.ts';

/** What models are asked to do, as far as choosing one goes. `tell`: a story about a picture; `describe`: what is in it. */
export const TaskKind = z.enum(['write', 'compose', 'rank', 'answer', 'describe', 'tell']);
export type TaskKind = z.infer<typeof TaskKind>;

/** Who describes well need not tell well. */
export const taskOfStyle = (style: DescriptionStyle): TaskKind => (style === 'story' ? 'tell' : 'describe');

/** What the writer thinks of a model for a task and a language. */
export const Weight = z.object({
  /** −1 (never before others) … 1 (before all others); 0: no opinion. */
  value: z.number().min(-1).max(1),
  /** How many votes say so. */
  votes: z.number().int().nonnegative(),
  /** Set by the writer's own hand, whatever the votes say. */
  manual: z.boolean(),
});
export type Weight = z.infer<typeof Weight>;

/** What the writer wants of the choice of a model; the engine itself has no opinion. */
export const Routing = z
  .object({
    /** The model to ask first, whatever its language. */
    chosen: ModelId.nullable().default(null),
    /** By model; one that is missing has no weight. */
    weights: z.record(ModelId, Weight).default({}),
    /** Whether a model of another machine may be asked. */
    remoteAllowed: z.boolean().default(false),
  })
  .prefault({});
export type Routing = z.infer<typeof Routing>;

/** A model that was asked and could not answer. */
export const Tried = z.object({ modelId: ModelId, code: z.string() });
export type Tried = z.infer<typeof Tried>;

/** Why a model was asked before others. */
export const RouteReason = z.discriminatedUnion('kind', [
  /** The writer named it. */
  z.object({ kind: z.literal('chosen') }),
  /** No other can do it. */
  z.object({ kind: z.literal('only') }),
  /** Others do not speak the language. */
  z.object({ kind: z.literal('language'), language: Language }),
  /** Its family is good at this kind of task. */
  z.object({ kind: z.literal('style'), task: TaskKind }),
  z.object({ kind: z.literal('votes'), votes: z.number().int().nonnegative() }),
  /** The writer's own setting. */
  z.object({ kind: z.literal('manual') }),
  /** It is in memory already. */
  z.object({ kind: z.literal('warm') }),
  /** Others would answer from another machine. */
  z.object({ kind: z.literal('local') }),
  /** Others are too big for this machine. */
  z.object({ kind: z.literal('fits') }),
  /** Others could not be loaded lately. */
  z.object({ kind: z.literal('works') }),
]);
export type RouteReason = z.infer<typeof RouteReason>;

/** Where an answer is from. */
export const Answered = z.object({
  modelId: ModelId,
  revision: z.string(),
  /** `null` where no model was needed. */
  precision: Precision.nullable(),
  device: z.string(),
  tried: z.array(Tried),
  reasons: z.array(RouteReason),
  /** The answer was given before and was remembered. */
  cached: z.boolean(),
});
export type Answered = z.infer<typeof Answered>;
