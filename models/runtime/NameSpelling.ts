import type { TextTokenizer } from './TextTokenizer.ts';

/** Added to the logit of the token that goes on with a name that has been begun. */
const favour = 3;
/** Taken from the logits of tokens that would make a whole name longer. */
const aversion = 12;

/**
 * Helps small models to spell rare names: their vocabulary has only pieces of them ("El" + "ara"), and after the first
 * piece they slip into a name they know better ("Ella"). What has begun like a name of the story becomes more likely to
 * go on as that name, and a whole name less likely to grow ("Tomasas"). Whether a name is begun is left to the model.
 * Only for names in letters with spaces between words; Chinese names are pieces that also stand in other words.
 */
export class NameSpelling {
  readonly #names: readonly (readonly number[])[];
  readonly #tokenizer: TextTokenizer;

  constructor(names: readonly string[], tokenizer: TextTokenizer) {
    this.#tokenizer = tokenizer;
    this.#names = names
      .filter((name) => /^\p{Lu}[\p{L} .'’-]*$/u.test(name) && !/\p{Script=Han}/u.test(name))
      .flatMap((name) => [
        tokenizer.encodeAfter('and', ` ${name}`),
        tokenizer.encodeAfter('\n', name),
        tokenizer.encodeAfter(' "', name),
      ])
      .filter((ids) => ids.length > 0);
  }

  /** Changes the logits in place, given the tokens written so far. */
  favour(logits: Float32Array, written: readonly number[]): void {
    const whole = this.#names.find((name) => endsWith(written, name));
    if (whole && !this.#names.some((name) => name.length > whole.length && begins(name, whole))) {
      for (const id of this.#tokenizer.wordContinuations) logits[id] = (logits[id] ?? 0) - aversion;
      return;
    }
    for (const name of this.#names) {
      for (let begun = name.length - 1; begun > 0; begun--) {
        const next = name[begun];
        if (next === undefined || !endsWith(written, name.slice(0, begun))) continue;
        logits[next] = (logits[next] ?? 0) + favour;
        break;
      }
    }
  }
}

const begins = (tokens: readonly number[], beginning: readonly number[]): boolean =>
  beginning.every((token, index) => tokens[index] === token);

const endsWith = (tokens: readonly number[], end: readonly number[]): boolean =>
  end.length <= tokens.length &&
  end.every((token, index) => tokens[tokens.length - end.length + index] === token);
