import type { ModelFamily } from '#shared/models/manifest.ts';
import type { ModelAdapter } from './adapter.ts';
import { blip2Adapter } from './blip2/blip2Adapter.ts';
import { clipAdapter } from './clip/ClipModel.ts';
import { embeddingAdapter } from './embedding/EmbeddingModel.ts';
import { florence2Adapter } from './florence2/florence2Adapter.ts';
import { llavaAdapter } from './llava/llavaAdapter.ts';
import { qwenVlAdapter } from './qwenvl/qwenVlAdapter.ts';
import { smolVlmAdapter } from './smolvlm/smolVlmAdapter.ts';
import { textAdapter } from './text/TextModel.ts';

/** The families that can be loaded. */
export const adapters: ReadonlyMap<ModelFamily, ModelAdapter> = new Map(
  [
    textAdapter,
    embeddingAdapter,
    clipAdapter,
    blip2Adapter,
    llavaAdapter,
    qwenVlAdapter,
    smolVlmAdapter,
    florence2Adapter,
  ].map((adapter) => [adapter.family, adapter]),
);
