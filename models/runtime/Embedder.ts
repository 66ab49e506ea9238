import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { PictureMemory } from './PictureMemory.ts';
import { isPictureToken, pictureOf } from './pictureTokens.ts';
import { floatsOf, runError } from './sessions.ts';

/** Makes what a decoder reads of tokens: rows of a table for text, features for pictures. */
export class Embedder {
  readonly pictures: PictureMemory;
  readonly #table: InferenceSession;

  constructor(table: InferenceSession, pictures: PictureMemory) {
    this.#table = table;
    this.pictures = pictures;
  }

  /** One row per token, one after the other. */
  async embed(tokens: readonly number[]): Promise<Float32Array> {
    const ids = tokens.filter((token) => !isPictureToken(token));
    const words = ids.length === 0 ? new Float32Array() : await this.#lookUp(ids);
    if (ids.length === tokens.length) return words;
    const rows = tokens.map((token) => (isPictureToken(token) ? this.#feature(token) : null));
    const size = rows.find((row) => row !== null)?.length ?? 0;
    const embedded = new Float32Array(tokens.length * size);
    let word = 0;
    for (const [index, row] of rows.entries()) {
      embedded.set(row ?? words.subarray(word * size, ++word * size), index * size);
    }
    return embedded;
  }

  async #lookUp(ids: readonly number[]): Promise<Float32Array> {
    const input = new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
    try {
      return floatsOf(await this.#table.run({ input_ids: input }), 'inputs_embeds');
    } catch (error) {
      throw runError(error);
    }
  }

  #feature(token: number): Float32Array {
    const { key, feature } = pictureOf(token);
    const { features, count } = this.pictures.of(key);
    const size = features.length / count;
    return features.subarray(feature * size, (feature + 1) * size);
  }
}
