import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered } from '#shared/models/routing.ts';

/** An answer of a model that was asked first. */
export const answeredBy = (modelId: ModelId): Answered => ({
  modelId,
  revision: '1',
  precision: 'q8',
  device: 'cpu',
  tried: [],
  reasons: [{ kind: 'only' }],
  cached: false,
});
