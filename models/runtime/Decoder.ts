import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '#shared/errors/AppError.ts';
import { DecoderConfig } from './decoderConfig.ts';
import { openSession, runError } from './sessions.ts';

/** Prompt tokens that are computed in one uninterruptible step: small enough that a cancel is heard soon. */
const chunkTokens = 32;

/**
 * A fused decoder graph with its KV cache. The cache lies in fixed buffers that the graph updates in place: no tensor is
 * copied through JavaScript. One caller at a time.
 */
export class Decoder implements AsyncDisposable {
  readonly config: DecoderConfig;
  readonly #session: InferenceSession;
  readonly #cache: Readonly<Record<'feeds' | 'fetches', Record<string, Tensor>>>;
  readonly #logits: Tensor;
  /** Tokens whose keys and values are in the cache. */
  #tokens: number[] = [];
  /** How many of them, from the start, were computed as whole prompt chunks. */
  #reusable = 0;

  private constructor(config: DecoderConfig, session: InferenceSession) {
    this.config = config;
    this.#session = session;
    this.#logits = new Tensor('float32', new Float32Array(config.vocabSize), [1, 1, config.vocabSize]);
    const shape = [1, config.kvHeads, config.contextTokens, config.headSize];
    const size = shape.reduce((product, length) => product * length, 1);
    const names = Array.from({ length: config.layers }, (_, layer) => layer).flatMap((layer) =>
      ['key', 'value'].map((part) => `${String(layer)}.${part}`),
    );
    const buffers = names.map(
      (name) => [name, new Tensor('float32', new Float32Array(size), shape)] as const,
    );
    this.#cache = {
      feeds: Object.fromEntries(buffers.map(([name, tensor]) => [`past.${name}`, tensor])),
      fetches: Object.fromEntries(buffers.map(([name, tensor]) => [`present.${name}`, tensor])),
    };
  }

  /** Opens `model.onnx` and `decoder.json` of a folder. Errors: model/damaged, model/load-failed, model/out-of-memory. */
  static async open(folder: string): Promise<Decoder> {
    let config: DecoderConfig;
    try {
      config = DecoderConfig.parse(JSON.parse(await readFile(join(folder, 'decoder.json'), 'utf8')));
    } catch (error) {
      throw new AppError('model/damaged', 'The decoder description cannot be read', { cause: error });
    }
    return new Decoder(config, await openSession(join(folder, 'model.onnx')));
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#tokens.length;
  }

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** Bytes of the KV cache. */
  get cacheBytes(): number {
    const { layers, kvHeads, contextTokens, headSize } = this.config;
    return layers * 2 * kvHeads * contextTokens * headSize * Float32Array.BYTES_PER_ELEMENT;
  }

  /**
   * Makes the cache hold exactly `tokens` and returns the logits after them. What the cache already holds is kept, in
   * whole chunks only: the same prompt is then always computed in the same steps, so that a seed gives the same text
   * whatever was asked before. Stops between chunks when aborted.
   */
  async prefill(tokens: readonly number[], signal: AbortSignal): Promise<Float32Array> {
    const shared = tokens.findIndex((token, index) => token !== this.#tokens[index]);
    const common = Math.min(shared < 0 ? tokens.length : shared, this.#reusable, tokens.length - 1);
    const kept = common - (common % chunkTokens);
    this.#tokens = this.#tokens.slice(0, kept);
    this.#reusable = kept;
    let logits = this.#values;
    for (let at = kept; at < tokens.length; at += chunkTokens) {
      signal.throwIfAborted();
      const chunk = tokens.slice(at, at + chunkTokens);
      logits = await this.step(chunk);
      if (chunk.length === chunkTokens) this.#reusable = at + chunkTokens;
    }
    return logits;
  }

  /** Appends tokens; returns the logits after the last one, valid until the next step. */
  async step(tokens: readonly number[]): Promise<Float32Array> {
    const total = this.#tokens.length + tokens.length;
    if (total > this.config.contextTokens) throw new RangeError('the context is full');
    try {
      await this.#session.run(
        {
          input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
          seqlens_k: new Tensor('int32', Int32Array.of(total - 1), [1]),
          total_sequence_length: new Tensor('int32', Int32Array.of(total), []),
          ...this.#cache.feeds,
        },
        { logits: this.#logits, ...this.#cache.fetches },
      );
    } catch (error) {
      this.#tokens = [];
      this.#reusable = 0;
      throw runError(error);
    }
    this.#tokens.push(...tokens);
    return this.#values;
  }

  get #values(): Float32Array {
    return this.#logits.data as Float32Array;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}
