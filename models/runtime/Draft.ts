import type { Sampling } from '#shared/models/task.ts';
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
  /** The token that was drawn; missing where held text is let go at the end. */
  readonly id?: number;
}

/** Tokens that the repetition penalty looks back on. */
const penaltyWindow = 64;

/** One text while it is being written: draws its tokens and knows when it ends. */
export class Draft {
  readonly #sampling: Sampling;
  readonly #endIds: readonly number[];
  readonly #random: () => number;
  readonly #stream: ReturnType<TextTokenizer['stream']>;
  readonly #stops: StopFilter;
  readonly #spelling: NameSpelling;
  readonly #written: number[] = [];
  /** `null` while it goes on. */
  finish: Finish | null = null;

  constructor(
    tokenizer: TextTokenizer,
    endIds: readonly number[],
    { names, sampling }: { readonly names: readonly string[]; readonly sampling: Sampling },
  ) {
    this.#sampling = sampling;
    this.#endIds = endIds;
    this.#random = createRandom(sampling.seed);
    this.#stream = tokenizer.stream();
    this.#stops = new StopFilter(sampling.stop);
    this.#spelling = new NameSpelling(names, tokenizer);
  }

  /** Tokens drawn so far. */
  get written(): readonly number[] {
    return this.#written;
  }

  /** Draws a token, changing the logits in place. Nothing is returned for the token that ends a text. */
  take(logits: Float32Array): GeneratedPiece | null {
    const { repetitionPenalty, minTokens, maxTokens } = this.#sampling;
    penalizeRepetition(logits, this.#written.slice(-penaltyWindow), repetitionPenalty);
    this.#spelling.favour(logits, this.#written);
    if (this.#written.length < minTokens) forbid(logits, this.#endIds);
    const id = draw(candidates(logits, this.#sampling), this.#random());
    if (this.#endIds.includes(id)) {
      this.finish = 'end';
      return null;
    }
    this.#written.push(id);
    const text = this.#stops.push(this.#stream.push(id));
    if (this.#stops.stopped) this.finish = 'stop';
    else if (this.#written.length >= maxTokens) this.finish = 'length';
    return { text, tokens: this.#written.length, id };
  }

  /** Text that was held back because a stop string might have begun; once, after the end. */
  rest(): GeneratedPiece | null {
    const text = this.#stops.end();
    return text === '' ? null : { text, tokens: this.#written.length };
  }
}
