import type { Sampling } from '#shared/models/task.ts';
import type { Decoder } from './Decoder.ts';
import { Draft, type Finish, type GeneratedPiece } from './Draft.ts';
import type { TextTokenizer } from './TextTokenizer.ts';

export interface GenerationInput {
  readonly prompt: readonly number[];
  readonly names: readonly string[];
  /** Prompt tokens from the start that stay when the context is full and the oldest text must go. */
  readonly keepTokens: number;
  readonly sampling: Sampling;
}

/** A text that was written in one piece. */
export interface GeneratedText {
  readonly text: string;
  readonly tokens: number;
  readonly ids: readonly number[];
  readonly finish: Finish;
}

/** Draws tokens until the text ends. A cancel is heard between any two tokens and between prompt chunks. */
export async function* generate(
  decoder: Decoder,
  tokenizer: TextTokenizer,
  input: GenerationInput,
  signal: AbortSignal,
): AsyncGenerator<GeneratedPiece, Finish> {
  const draft = new Draft(tokenizer, decoder.config.endIds, input);
  const next = (id: number): Promise<Float32Array> =>
    decoder.length < decoder.config.contextTokens
      ? decoder.step([id])
      : decoder.prefill([...slide(decoder, input.keepTokens, 0), id], signal);
  try {
    let logits = await decoder.begin(input.prompt, signal);
    for (;;) {
      signal.throwIfAborted();
      const piece = draft.take(logits);
      if (piece) yield piece;
      if (draft.finish) break;
      logits = await next(draft.written.at(-1) ?? 0);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    draft.finish = 'cancelled';
  }
  const rest = draft.rest();
  if (rest) yield rest;
  return draft.finish;
}

/**
 * Writes several texts side by side: each prompt is read by itself, then every step draws a token of each. What ended makes
 * room. A cancel ends them all with what they have.
 */
export async function generateTogether(
  decoder: Decoder,
  tokenizer: TextTokenizer,
  inputs: readonly GenerationInput[],
  signal: AbortSignal,
): Promise<GeneratedText[]> {
  const texts = inputs.map((input) => ({
    input,
    draft: new Draft(tokenizer, decoder.config.endIds, input),
    text: '',
  }));
  const active = [...texts];
  decoder.setRows(inputs.length);
  try {
    let logits: Float32Array[] = [];
    for (const [row, { prompt }] of inputs.entries()) logits.push(await decoder.begin(prompt, signal, row));
    for (;;) {
      signal.throwIfAborted();
      for (const [row, one] of active.entries()) {
        one.text += one.draft.take(logits[row] as Float32Array)?.text ?? '';
      }
      if (active.every(({ draft }) => draft.finish)) break;
      for (let row = active.length - 1; row >= 0; row--) {
        if (!active[row]?.draft.finish) continue;
        decoder.dropRow(row);
        const last = active.pop();
        if (last && row < active.length) active[row] = last;
      }
      for (const [row, { input }] of active.entries()) {
        if (decoder.tokensOf(row).length < decoder.config.contextTokens) continue;
        await decoder.prefill(slide(decoder, input.keepTokens, row), signal, row);
      }
      logits = await decoder.stepAll(active.map(({ draft }) => draft.written.at(-1) ?? 0));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    for (const { draft } of active) draft.finish ??= 'cancelled';
  } finally {
    decoder.setRows(1);
  }
  return texts.map(({ draft, text }) => ({
    text: text + (draft.rest()?.text ?? ''),
    tokens: draft.written.length,
    ids: draft.written,
    finish: draft.finish ?? 'cancelled',
  }));
}

/** What a full context goes on with: the head of the prompt and the newest text, half of the context together with one more token. */
function slide(decoder: Decoder, keepTokens: number, row: number): number[] {
  const tokens = decoder.tokensOf(row);
  const half = Math.floor(decoder.config.contextTokens / 2);
  const head = tokens.slice(0, Math.min(keepTokens, half - 1));
  const tail = half - head.length - 1;
  return [...head, ...(tail > 0 ? tokens.slice(-tail) : [])];
}
