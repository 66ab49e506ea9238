import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { Precision } from '#shared/models/manifest.ts';

/** Far above every model there is; what lies beyond is damage, and must not be allocated. */
const most = { layers: 512, heads: 512, headSize: 1024, vocabulary: 2 ** 22, context: 2 ** 24 };
const upTo = (limit: number) => z.number().int().positive().max(limit);

/** How a graph is told where tokens stand. */
const PositionKind = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('learned') }),
  z.object({ kind: z.literal('relative') }),
  z.object({ kind: z.literal('rotary'), theta: z.number().positive() }),
  /** Frequencies turned by time, height and width. */
  z.object({
    kind: z.literal('mrope'),
    theta: z.number().positive(),
    sections: z.tuple([upTo(most.headSize), upTo(most.headSize), upTo(most.headSize)]),
  }),
]);
export type PositionKind = z.infer<typeof PositionKind>;

const CacheType = z.enum(['float32', 'float16']);
export type CacheType = z.infer<typeof CacheType>;

/** What the generation loop must know about a fused decoder graph; `decoder.json` beside the graph. */
export const DecoderConfig = z.object({
  /** `ids`, the default: the graph embeds and turns by itself. `embeds`: it takes embedded tokens and their positions. */
  input: z.enum(['ids', 'embeds']).optional(),
  positions: PositionKind.optional(),
  cacheType: z.partialRecord(Precision, CacheType).optional(),
  layers: upTo(most.layers),
  kvHeads: upTo(most.heads),
  headSize: upTo(most.headSize),
  vocabSize: upTo(most.vocabulary),
  contextTokens: upTo(most.context),
  /** Tokens that end a text. */
  endIds: z.array(z.number().int().nonnegative().max(most.vocabulary)).min(1).max(64),
  /** What a text begins with, where an encoder reads the prompt. */
  startId: z.number().int().nonnegative().max(most.vocabulary).optional(),
});
export type DecoderConfig = z.infer<typeof DecoderConfig>;

/**
 * Compares the description with what the graph itself says of its caches, before anything of that size is allocated.
 * Errors: model/damaged.
 */
export function checkAgainstGraph(
  { layers, kvHeads, headSize }: DecoderConfig,
  { inputMetadata }: Pick<InferenceSession, 'inputMetadata'>,
  cacheType: CacheType = 'float32',
): void {
  const caches = inputMetadata.filter(({ name }) => name.startsWith('past.'));
  const agree = caches.every(
    (cache) =>
      cache.isTensor && cache.type === cacheType && cache.shape[1] === kvHeads && cache.shape[3] === headSize,
  );
  if (caches.length !== 2 * layers || !agree) {
    throw new AppError('model/damaged', 'The decoder description is not that of the graph');
  }
}
