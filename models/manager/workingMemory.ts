import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { imagesAtOnce, textsAtOnce } from '../adapters/clip/ClipModel.ts';
import { type Preprocessor, parsePreprocessor } from '../preprocessing/preprocessor.ts';
import { rememberedBytes } from '../runtime/PictureMemory.ts';
import { mostChunkTokens } from '../runtime/pace.ts';

/** A stack of transformer layers, as far as its memory goes. */
export interface LayerShape {
  readonly hidden: number;
  /** Width of the feed-forward layer. */
  readonly inner: number;
  readonly heads: number;
}

const floatBytes = 4;

/**
 * What one step over `tokens` tokens holds at its height, in float32: six rows of activations, two of the feed-forward
 * layer, scores of every head before and after softmax. Half as much again or twice what was measured on ViT-B/32
 * (8 pictures: 29 MB, measured 16), on the safe side.
 */
export const stepBytes = ({ hidden, inner, heads }: LayerShape, tokens: number, seen = tokens): number =>
  floatBytes * tokens * (6 * hidden + 2 * inner + 2 * heads * seen);

const count = z
  .number()
  .int()
  .positive()
  .max(2 ** 24);
const Layers = z
  .looseObject({
    hidden_size: count,
    d_model: count,
    embed_dim: count,
    intermediate_size: count,
    ffn_dim: count,
    d_ff: count,
    mlp_ratio: z.number().positive(),
    num_attention_heads: count,
    num_heads: count,
    max_position_embeddings: count,
    vocab_size: count,
    image_size: count,
    patch_size: count,
  })
  .partial();
const Config = Layers.extend({ text_config: Layers.optional(), vision_config: Layers.optional() });
type Layers = z.infer<typeof Layers>;

/** Heads of 64 and a feed-forward layer of four widths are what almost every checkpoint has that does not say. */
function shapeOf(layers: Layers, width: number | undefined): LayerShape | null {
  const hidden = width ?? layers.hidden_size ?? layers.d_model;
  if (hidden === undefined) return null;
  return {
    hidden,
    inner: layers.intermediate_size ?? layers.ffn_dim ?? layers.d_ff ?? hidden * (layers.mlp_ratio ?? 4),
    heads: layers.num_attention_heads ?? layers.num_heads ?? Math.max(1, Math.round(hidden / 64)),
  };
}

interface Raster {
  readonly pixels: number;
  readonly tokens: number;
}

/** The largest thing that the picture's encoder is given at once. */
function largestRaster(vision: Layers, preprocessor: Preprocessor | null): Raster {
  if (preprocessor?.kind === 'patches') {
    const { maxPixels, patchSize } = preprocessor;
    return { pixels: maxPixels, tokens: Math.ceil(maxPixels / patchSize ** 2) };
  }
  const side = vision.image_size ?? 224;
  const patch = vision.patch_size ?? 16;
  return { pixels: side ** 2, tokens: Math.ceil(side / patch) ** 2 + 1 };
}

/** The parts of `decoder.json` that tell the size of a step. */
export interface DecoderShape {
  readonly vocabSize: number;
  readonly contextTokens: number;
  /** Keys and values of a full context. */
  readonly cacheBytes: number;
}

/**
 * What the steps of a model hold beside its weights and its cache, from what the checkpoint says of itself: the largest of
 * its parts, for one works at a time. Where it says nothing, nothing is known: 0.
 */
export function planWorking(
  config: unknown,
  preprocessor: Preprocessor | null,
  decoder: DecoderShape | null,
): number {
  const { data } = Config.safeParse(config);
  if (!data) return 0;
  const { vision_config: vision, text_config: text = data } = data;
  const isDual = decoder === null && vision !== undefined;
  const looks = vision && shapeOf(vision, vision.embed_dim);
  const reads = shapeOf(text, undefined);
  let seeing = 0;
  if (vision && looks) {
    const { pixels, tokens } = largestRaster(vision, preprocessor);
    const together = isDual ? imagesAtOnce : 1;
    seeing = together * (stepBytes(looks, tokens) + 2 * floatBytes * 3 * pixels);
  }
  if (!reads) return Math.round(seeing);
  if (isDual) {
    const tokens = text.max_position_embeddings ?? 77;
    return Math.round(Math.max(seeing, textsAtOnce * stepBytes(reads, tokens)));
  }
  if (!decoder) return Math.round(Math.max(seeing, stepBytes(reads, 256)));
  const { vocabSize, contextTokens, cacheBytes } = decoder;
  const writing = stepBytes(reads, mostChunkTokens, contextTokens) + 4 * floatBytes * vocabSize;
  // The cache is copied each time it doubles: half of it is there twice.
  const growing = cacheBytes / 2;
  return Math.round(Math.max(seeing, writing, growing) + (vision ? rememberedBytes : 0));
}

async function jsonOf(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}

/** `planWorking` of a model folder. Never rejects: what cannot be read counts for nothing here. */
export async function workingBytes(folder: string, decoder: DecoderShape | null): Promise<number> {
  const config = await jsonOf(folder, 'config.json').catch(() => null);
  const preprocessor = await jsonOf(folder, 'preprocessor_config.json')
    .then(parsePreprocessor)
    .catch(() => null);
  return planWorking(config, preprocessor, decoder);
}
