import type { Sampling } from '#shared/models/task.ts';
import type { Decoder } from './Decoder.ts';
import { StopFilter } from './StopFilter.ts';
import { candidates, createRandom, draw, penalizeRepetition } from './sampling.ts';
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
  { prompt, keepTokens, sampling }: GenerationInput,
  signal: AbortSignal,
): AsyncGenerator<GeneratedPiece, Finish> {
  const random = createRandom(sampling.seed);
  const stream = tokenizer.stream();
  const stops = new StopFilter(sampling.stop);
  const written: number[] = [];
  let finish: Finish = 'length';
  if (signal.aborted) return 'cancelled';
  let logits: Float32Array;
  try {
    logits = await decoder.prefill(prompt, signal);
  } catch (error) {
    if (signal.aborted) return 'cancelled';
    throw error;
  }
  while (written.length < sampling.maxTokens) {
    if (signal.aborted) {
      finish = 'cancelled';
      break;
    }
    penalizeRepetition(logits, written.slice(-penaltyWindow), sampling.repetitionPenalty);
    const id = draw(candidates(logits, sampling), random());
    if (decoder.config.endIds.includes(id)) {
      finish = 'end';
      break;
    }
    written.push(id);
    const text = stops.push(stream.push(id));
    yield { text, tokens: written.length };
    if (stops.stopped) return 'stop';
    if (written.length === sampling.maxTokens) break;
    logits = await (decoder.length < decoder.config.contextTokens
      ? decoder.step([id])
      : slide(decoder, keepTokens, id, signal));
  }
  const rest = stops.push(stream.end()) + stops.end();
  if (rest !== '') yield { text: rest, tokens: written.length };
  return finish;
}

/** Makes room in a full context: keeps the prompt's head and the newest half, and computes them anew. */
async function slide(
  decoder: Decoder,
  keepTokens: number,
  id: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const half = Math.floor(decoder.config.contextTokens / 2);
  const head = decoder.tokens.slice(0, Math.min(keepTokens, half - 1));
  const tail = [...decoder.tokens, id].slice(-(half - head.length));
  return decoder.prefill([...head, ...tail], signal);
}
