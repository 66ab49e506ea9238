import type { GenerateRequest } from '../adapters/adapter.ts';
import type { Lease } from '../manager/ModelManager.ts';
import type { Finish } from '../runtime/Draft.ts';

/** Tokens that arrive within one frame of a screen travel together: a message for each would cost more than the token. */
const frameMs = 25;

/** Text to append, and the number of tokens so far. */
export interface TextGroup {
  readonly type: 'text';
  readonly text: string;
  readonly tokens: number;
}

/** How a text ended, and how fast it came. */
export interface TextEnd {
  readonly finish: Finish;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly firstTokenMs: number;
}

/**
 * Has a model write, its tokens in groups of a frame, counted on from `tokensBefore`. `shape` may change each piece, and is
 * told the pieces in order. The model is free again also where nobody reads on.
 */
export async function* streamText(
  { model, noteSpeed }: Lease,
  request: GenerateRequest,
  shape: (text: string) => string,
  signal: AbortSignal,
  tokensBefore = 0,
): AsyncGenerator<TextGroup, TextEnd> {
  const started = performance.now();
  let firstTokenMs = 0;
  let tokens = 0;
  let pending = '';
  let sentAt = Number.NEGATIVE_INFINITY;
  const group = (): TextGroup => ({ type: 'text', text: pending, tokens: tokensBefore + tokens });
  const pieces = model.generateText(request, signal);
  let next = await pieces.next();
  try {
    for (; !next.done; next = await pieces.next()) {
      if (tokens === 0) firstTokenMs = performance.now() - started;
      tokens = next.value.tokens;
      pending += shape(next.value.text);
      const now = performance.now();
      if (pending !== '' && now - sentAt >= frameMs) {
        yield group();
        pending = '';
        sentAt = now;
      }
    }
  } finally {
    if (!next.done) await pieces.return('cancelled');
  }
  if (pending !== '') yield group();
  const writingMs = performance.now() - started - firstTokenMs;
  const tokensPerSecond = tokens > 1 && writingMs > 0 ? ((tokens - 1) / writingMs) * 1000 : 0;
  noteSpeed(tokensPerSecond);
  return { finish: next.value, tokens, tokensPerSecond, firstTokenMs };
}
