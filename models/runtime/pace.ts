/** Prompt tokens in one step at most. */
export const mostChunkTokens = 64;

/** Tokens that are timed to learn how many fit into a step. */
export const sampleTokens = 8;

/** No sample is taken after so long: a large model has shown its pace with the first one. */
export const mostSamplingMs = 1500;

/** A step should take no longer, so that a cancel is heard soon: half of what is promised, for prompts get dearer with length. */
const wantedMs = 1000;

/** Tokens for one step, a power of two, when `sampleTokens` took so long. */
export function chunkFor(sampleMs: number): number {
  const fitting = (sampleTokens * wantedMs) / Math.max(sampleMs, 1);
  return Math.max(1, Math.min(mostChunkTokens, 2 ** Math.floor(Math.log2(fitting))));
}
