import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';

const TokenizerFile = z.looseObject({
  decoder: z.object({ type: z.string() }).loose(),
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string() })),
});

/** Text to tokens and back for one model. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #bytesOf: (token: string) => Uint8Array;
  #wordContinuations: readonly number[] | undefined;
  /** Strings that a model reads as control marks; they must not reach it from a writer's text. */
  readonly specialTokens: readonly string[];

  private constructor(file: z.infer<typeof TokenizerFile>) {
    this.#tokenizer = new Tokenizer(file, {});
    this.#bytesOf = file.decoder.type === 'ByteLevel' ? byteLevelBytes : sentencePieceBytes;
    this.specialTokens = file.added_tokens.map(({ content }) => content);
  }

  /** Reads `tokenizer.json` of a model's folder. Errors: model/damaged. */
  static async open(folder: string): Promise<TextTokenizer> {
    try {
      const text = await readFile(join(folder, 'tokenizer.json'), 'utf8');
      return new TextTokenizer(TokenizerFile.parse(JSON.parse(text)));
    } catch (error) {
      throw new AppError('model/damaged', 'The tokenizer cannot be read', { cause: error });
    }
  }

  /** Ids with the model's own leading token, if it has one. Special tokens in `text` become theirs. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text).ids;
  }

  /** Id of a token by its very name. */
  idOf(token: string): number | undefined {
    return this.#tokenizer.token_to_id(token);
  }

  /** Number of tokens in a piece of text. */
  count(text: string): number {
    return text === '' ? 0 : this.#tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  }

  /** Ids of `text` as it stands after `before`; empty where a token reaches across the border. */
  encodeAfter(before: string, text: string): number[] {
    const ids = this.#tokenizer.encode(before + text, { add_special_tokens: false }).ids;
    const wanted = utf8.encode(text).length;
    let bytes = 0;
    for (let start = ids.length; start > 0; ) {
      start -= 1;
      bytes += this.bytesOf(ids[start] ?? 0).length;
      if (bytes === wanted) return ids.slice(start);
      if (bytes > wanted) return [];
    }
    return [];
  }

  /** Tokens that begin with a letter and so make the word before them longer. */
  get wordContinuations(): readonly number[] {
    const decoder = new TextDecoder();
    this.#wordContinuations ??= Array.from(this.#tokenizer.get_vocab(true).values()).filter((id) =>
      /^[\p{Script=Latin}\p{M}]/u.test(decoder.decode(this.bytesOf(id))),
    );
    return this.#wordContinuations;
  }

  /** UTF-8 bytes that a token stands for; they may be a part of a character. Special tokens stand for nothing. */
  bytesOf(id: number): Uint8Array {
    const token = this.#tokenizer.id_to_token(id);
    return token === undefined || this.specialTokens.includes(token)
      ? new Uint8Array()
      : this.#bytesOf(token);
  }

  /** Text of some tokens; U+FFFD where they begin or end inside a character. */
  textOf(ids: readonly number[]): string {
    return new TextDecoder().decode(Buffer.concat(ids.map((id) => this.bytesOf(id))));
  }

  /** A decoder for one stream of tokens. */
  stream(): TokenStream {
    return new TokenStream(this);
  }
}

/** Tokens to text, as soon as characters are whole: never half a character (not at the end either), never a wait for a space. */
export class TokenStream {
  readonly #tokenizer: TextTokenizer;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(tokenizer: TextTokenizer) {
    this.#tokenizer = tokenizer;
  }

  push(id: number): string {
    return this.#decoder.decode(this.#tokenizer.bytesOf(id), { stream: true });
  }
}

const utf8 = new TextEncoder();
const byteToken = /^<0x([0-9A-F]{2})>$/;

function sentencePieceBytes(token: string): Uint8Array {
  const [, hex] = byteToken.exec(token) ?? [];
  return hex === undefined
    ? utf8.encode(token.replaceAll('▁', ' '))
    : Uint8Array.of(Number.parseInt(hex, 16));
}

/** GPT-2's byte alphabet: printable bytes stand for themselves, the others for the code points from 256 on. */
const byteLevelAlphabet: ReadonlyMap<number, number> = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  const alphabet = new Map<number, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) alphabet.set(printable(byte) ? byte : next++, byte);
  return alphabet;
})();

const byteLevelBytes = (token: string): Uint8Array =>
  Uint8Array.from(token, (letter) => byteLevelAlphabet.get(letter.codePointAt(0) ?? 0) ?? 63);
