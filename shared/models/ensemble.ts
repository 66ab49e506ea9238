import { z } from 'zod';
import { Language } from '../story/scene.ts';
import { ModelId } from './modelId.ts';
import { Answered, Tried } from './routing.ts';

/** What two statements about one thing cannot both be right about. */
export const DisputeKind = z.enum(['number', 'colour', 'person', 'negation']);
export type DisputeKind = z.infer<typeof DisputeKind>;

/** Something that is said about a picture, and the models that say it. */
export const Claim = z.object({ text: z.string(), modelIds: z.array(ModelId).min(1) });
export type Claim = z.infer<typeof Claim>;

/** Claims of which at most one is right; most models first. */
export const Dispute = z.object({ about: z.array(DisputeKind).min(1), claims: z.array(Claim).min(2) });
export type Dispute = z.infer<typeof Dispute>;

/** What several models said about one picture, put together. */
export const Together = z.object({
  language: Language,
  /** What at least two say, and nobody denies. */
  agreed: z.array(Claim),
  disputed: z.array(Dispute),
  /** What one alone says. */
  single: z.array(Claim),
  /** Each model's own words. */
  captions: z.array(z.object({ answered: Answered, text: z.string() })),
  /** Models that were asked and could not answer. */
  failed: z.array(Tried),
});
export type Together = z.infer<typeof Together>;

export const TogetherEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('asking'),
    modelId: ModelId,
    index: z.number().int().nonnegative(),
    count: z.number().int().positive(),
  }),
  z.object({ type: z.literal('said'), modelId: ModelId, text: z.string() }),
  z.object({ type: z.literal('failed'), modelId: ModelId, code: z.string() }),
  z.object({ type: z.literal('done'), together: Together }),
]);
export type TogetherEvent = z.infer<typeof TogetherEvent>;
