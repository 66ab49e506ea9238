import type { TextTokenizer } from './TextTokenizer.ts';

/** Added to the logit of the token that goes on with a name that has been begun. */
const favour = 3;
/** Taken from the logits of tokens that would make a whole name longer. */
const aversion = 12;

/** Tokens that a long name and the letter before it may take. */
const nameTokens = 16;

/**
 * Helps small models to spell rare names: their vocabulary has only pieces of them ("El" + "ara"), and after the first
 * piece they slip into a name they know better ("Ella"). What has begun like a name of the story becomes more likely to
 * go on as that name, and a whole name less likely to grow ("Tomasas"). Whether a name is begun is left to the model.
 * Only for names in letters with spaces between words; Chinese names are pieces that also stand in other words.
 */
export class NameSpelling {
  readonly #tokenizer: TextTokenizer;
  readonly #names: readonly string[];
  /** Every name as the model spells it after a space, at the beginning of a line, and in quotes. */
  readonly #spellings: readonly (readonly number[])[];

  constructor(names: readonly string[], tokenizer: TextTokenizer) {
    this.#tokenizer = tokenizer;
    this.#names = names.filter(
      (name) => /^\p{Lu}[\p{L} .'’-]*$/u.test(name) && !/\p{Script=Han}/u.test(name),
    );
    this.#spellings = this.#names
      .flatMap((name) => [
        tokenizer.encodeAfter('and', ` ${name}`),
        tokenizer.encodeAfter('\n', name),
        tokenizer.encodeAfter(' "', name),
      ])
      .filter((ids) => ids.length > 0);
  }

  /** Changes the logits in place, given the tokens written so far. */
  favour(logits: Float32Array, written: readonly number[]): void {
    if (this.#names.length === 0) return;
    if (this.#isWhole(written)) {
      for (const id of this.#tokenizer.wordContinuations) logits[id] = (logits[id] ?? 0) - aversion;
      return;
    }
    for (const spelling of this.#spellings) {
      for (let begun = spelling.length - 1; begun > 0; begun--) {
        const next = spelling[begun];
        if (next === undefined || !endsWith(written, spelling.slice(0, begun))) continue;
        logits[next] = (logits[next] ?? 0) + favour;
        break;
      }
    }
  }

  /** Whether a name has just come to its end, however it was spelled, and no other name goes on from there. */
  #isWhole(written: readonly number[]): boolean {
    const text = this.#tokenizer.textOf(written.slice(-nameTokens));
    const name = this.#names.find(
      (candidate) => text.endsWith(candidate) && !/\p{L}$/u.test(text.slice(0, -candidate.length)),
    );
    return name !== undefined && !this.#names.some((other) => other !== name && other.startsWith(name));
  }
}

const endsWith = (tokens: readonly number[], end: readonly number[]): boolean =>
  end.length <= tokens.length &&
  end.every((token, index) => tokens[tokens.length - end.length + index] === token);
