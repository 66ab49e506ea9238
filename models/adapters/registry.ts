import type { ModelFamily } from '#shared/models/manifest.ts';
import type { ModelAdapter } from './adapter.ts';
import { clipAdapter } from './clip/ClipModel.ts';
import { embeddingAdapter } from './embedding/EmbeddingModel.ts';
import { textAdapter } from './text/TextModel.ts';

/** The families that can be loaded. */
export const adapters: ReadonlyMap<ModelFamily, ModelAdapter> = new Map(
  [textAdapter, embeddingAdapter, clipAdapter].map((adapter) => [adapter.family, adapter]),
);
