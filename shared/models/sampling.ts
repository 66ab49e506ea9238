import { z } from 'zod';

/** How tokens are drawn. Temperature 0 is greedy; top-k 0 and top-p 1 switch those filters off. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(2),
  topK: z.number().int().min(0).max(1000),
  topP: z.number().gt(0).max(1),
  repetitionPenalty: z.number().min(1).max(2),
  /** The text may not end by itself before; a stop string or `maxTokens` still ends it. */
  minTokens: z.number().int().min(0).max(4096),
  maxTokens: z.number().int().min(1).max(4096),
  stop: z.array(z.string().min(1)).max(8),
  /** Same seed, same machine, same text. */
  seed: z.number().int().nonnegative(),
});
export type Sampling = z.infer<typeof Sampling>;
