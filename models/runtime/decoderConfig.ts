import { z } from 'zod';

/** What the generation loop must know about a fused decoder graph; `decoder.json` beside the graph. */
export const DecoderConfig = z.object({
  layers: z.number().int().positive(),
  kvHeads: z.number().int().positive(),
  headSize: z.number().int().positive(),
  vocabSize: z.number().int().positive(),
  contextTokens: z.number().int().positive(),
  /** Tokens that end a text. */
  endIds: z.array(z.number().int().nonnegative()).min(1),
});
export type DecoderConfig = z.infer<typeof DecoderConfig>;
