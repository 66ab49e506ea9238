import type { RoutingFor } from '#electron/services/studio/feedback/createFeedbackService.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered } from '#shared/models/routing.ts';

/** The routing of a writer who never said anything but which model to take. */
export const noOpinion: RoutingFor = (_task, _language, chosen) => ({
  chosen,
  weights: {},
  remoteAllowed: false,
});

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
