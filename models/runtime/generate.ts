import type { Sampling } from '#shared/models/task.ts';
import type { Decoder } from './Decoder.ts';
import { NameSpelling } from './NameSpelling.ts';
import { StopFilter } from './StopFilter.ts';
import { candidates, createRandom, draw, forbid, penalizeRepetition } from './sampling.ts';
import type { TextTokenizer } from './TextTokenizer.ts';

/** Why a text ended. */
export type Finish = 'end' | 'length' | 'stop' | 'cancelled';

/** A piece of text and the number of tokens drawn so far. Text may be empty while a character is not whole. */
export interface GeneratedPiece {
  readonly text: string;
  readonly tokens: number;
}

export interface GenerationInput {
  readonly prompt: readonly number[];
  readonly names: readonly string[];
  /** Prompt tokens from the start that stay when the context is full and the oldest text must go. */
  readonly keepTokens: number;
  readonly sampling: Sampling;
}

/** Tokens that the repetition penalty looks back on. */
const penaltyWindow = 64;

/** Draws tokens until the text ends. A cancel is heard between any two tokens and between prompt chunks. */
export async function* generate(
  decoder: Decoder,
  tokenizer: TextTokenizer,
  { prompt, names, keepTokens, sampling }: GenerationInput,
  signal: AbortSignal,
): AsyncGenerator<GeneratedPiece, Finish> {
  const random = createRandom(sampling.seed);
  const stream = tokenizer.stream();
  const stops = new StopFilter(sampling.stop);
  const spelling = new NameSpelling(names, tokenizer);
  const written: number[] = [];
  const next = (id: number): Promise<Float32Array> =>
    decoder.length < decoder.config.contextTokens
      ? decoder.step([id])
      : decoder.prefill(slide(decoder, keepTokens, id), signal);
  let finish: Finish = 'length';
  try {
    let logits = await decoder.prefill(prompt, signal);
    for (;;) {
      signal.throwIfAborted();
      penalizeRepetition(logits, written.slice(-penaltyWindow), sampling.repetitionPenalty);
      spelling.favour(logits, written);
      if (written.length < sampling.minTokens) forbid(logits, decoder.config.endIds);
      const id = draw(candidates(logits, sampling), random());
      if (decoder.config.endIds.includes(id)) {
        finish = 'end';
        break;
      }
      written.push(id);
      const text = stops.push(stream.push(id));
      yield { text, tokens: written.length };
      if (stops.stopped) return 'stop';
      if (written.length >= sampling.maxTokens) break;
      logits = await next(id);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    finish = 'cancelled';
  }
  const rest = stops.end();
  if (rest !== '') yield { text: rest, tokens: written.length };
  return finish;
}

/** What a full context goes on with: the head of the prompt and the newest text, half of the context together. */
function slide(decoder: Decoder, keepTokens: number, id: number): number[] {
  const half = Math.floor(decoder.config.contextTokens / 2);
  const head = decoder.tokens.slice(0, Math.min(keepTokens, half - 1));
  const tail = [...decoder.tokens, id].slice(-(half - head.length));
  return [...head, ...tail];
}
