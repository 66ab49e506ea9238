import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';

/** Far above every model there is; what lies beyond is damage, and must not be allocated. */
const most = { layers: 512, heads: 512, headSize: 1024, vocabulary: 2 ** 22, context: 2 ** 24 };
const upTo = (limit: number) => z.number().int().positive().max(limit);

/** What the generation loop must know about a fused decoder graph; `decoder.json` beside the graph. */
export const DecoderConfig = z.object({
  layers: upTo(most.layers),
  kvHeads: upTo(most.heads),
  headSize: upTo(most.headSize),
  vocabSize: upTo(most.vocabulary),
  contextTokens: upTo(most.context),
  /** Tokens that end a text. */
  endIds: z.array(z.number().int().nonnegative().max(most.vocabulary)).min(1).max(64),
});
export type DecoderConfig = z.infer<typeof DecoderConfig>;

/**
 * Compares the description with what the graph itself says of its caches, before anything of that size is allocated.
 * Errors: model/damaged.
 */
export function checkAgainstGraph(
  { layers, kvHeads, headSize }: DecoderConfig,
  { inputMetadata }: Pick<InferenceSession, 'inputMetadata'>,
): void {
  const caches = inputMetadata.filter(({ name }) => name.startsWith('past.'));
  const agree = caches.every(
    (cache) => cache.isTensor && cache.shape[1] === kvHeads && cache.shape[3] === headSize,
  );
  if (caches.length !== 2 * layers || !agree) {
    throw new AppError('model/damaged', 'The decoder description is not that of the graph');
  }
}
