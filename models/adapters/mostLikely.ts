import type { Sampling } from '#shared/models/task.ts';

/** What a model thinks most likely, for answers: nothing is drawn, and the answer ends by itself. */
export const mostLikely: Sampling = {
  temperature: 0,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  minTokens: 0,
  maxTokens: 256,
  stop: [],
  seed: 0,
};
