import { z } from 'zod';
import { ModelId } from './modelId.ts';

/** What is made ready for the open story while nobody waits for a model. */
export const WarmUpEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading'), modelId: ModelId }),
  z.object({
    kind: z.literal('looking'),
    done: z.number().int().nonnegative(),
    total: z.number().int().nonnegative(),
  }),
  /** Somebody waits for a model, or has just done so. */
  z.object({ kind: z.literal('waiting') }),
]);
export type WarmUpEvent = z.infer<typeof WarmUpEvent>;
