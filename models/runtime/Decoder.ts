import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '#shared/errors/AppError.ts';
import { checkAgainstGraph, DecoderConfig } from './decoderConfig.ts';
import { openSession, runError } from './sessions.ts';

/** Prompt tokens that are computed in one uninterruptible step: small enough that a cancel is heard soon. */
const chunkTokens = 64;

/** Cache rows to begin with; doubled when they are full. */
const firstCapacity = 256;

/**
 * A fused decoder graph with its KV cache. The cache lies in buffers that the graph reads where they are; what it returns
 * is only what is new, some kilobytes for a token. One caller at a time.
 */
export class Decoder implements AsyncDisposable {
  readonly config: DecoderConfig;
  readonly #session: InferenceSession;
  #cache: readonly CacheEntry[];
  #capacity: number;
  /** Tokens whose keys and values are in the cache. */
  #tokens: number[] = [];
  /** How many of them, from the start, were computed as whole prompt chunks. */
  #reusable = 0;

  private constructor(config: DecoderConfig, session: InferenceSession) {
    this.config = config;
    this.#session = session;
    this.#capacity = Math.min(firstCapacity, config.contextTokens);
    this.#cache = Array.from({ length: config.layers }, (_, layer) => String(layer))
      .flatMap((layer) => [`${layer}.key`, `${layer}.value`])
      .map((name) => ({ name, rows: new Float32Array(this.#capacity * rowSize(config)) }));
  }

  /** Opens `model.onnx` and `decoder.json` of a folder. Errors: model/damaged, model/load-failed, model/out-of-memory. */
  static async open(folder: string): Promise<Decoder> {
    let config: DecoderConfig;
    try {
      config = DecoderConfig.parse(JSON.parse(await readFile(join(folder, 'decoder.json'), 'utf8')));
    } catch (error) {
      throw new AppError('model/damaged', 'The decoder description cannot be read', { cause: error });
    }
    const session = await openSession(join(folder, 'model.onnx'));
    try {
      checkAgainstGraph(config, session);
      return new Decoder(config, session);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#tokens.length;
  }

  get tokens(): readonly number[] {
    return this.#tokens;
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
    let logits: Float32Array = new Float32Array();
    for (let at = kept; at < tokens.length; at += chunkTokens) {
      signal.throwIfAborted();
      const chunk = tokens.slice(at, at + chunkTokens);
      logits = await this.step(chunk);
      if (chunk.length === chunkTokens) this.#reusable = at + chunkTokens;
    }
    return logits;
  }

  /** Appends tokens; returns the logits after the last one, a fresh array each time. */
  async step(tokens: readonly number[]): Promise<Float32Array> {
    const position = this.#tokens.length;
    const total = position + tokens.length;
    if (total > this.config.contextTokens) throw new RangeError('the context is full');
    this.#reserve(total);
    const { kvHeads, headSize } = this.config;
    const shape = [1, kvHeads, this.#capacity, headSize];
    try {
      const outputs = await this.#session.run({
        input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
        position: new Tensor('int64', BigInt64Array.of(BigInt(position)), [1]),
        seqlens_k: new Tensor('int32', Int32Array.of(total - 1), [1]),
        total_sequence_length: new Tensor('int32', Int32Array.of(total), []),
        ...Object.fromEntries(
          this.#cache.map(({ name, rows }) => [`past.${name}`, new Tensor('float32', rows, shape)]),
        ),
      });
      for (const { name, rows } of this.#cache)
        this.#append(rows, floatsOf(outputs, `new.${name}`), position);
      this.#tokens.push(...tokens);
      return floatsOf(outputs, 'logits');
    } catch (error) {
      this.#tokens = [];
      this.#reusable = 0;
      throw runError(error);
    }
  }

  /** Puts new rows (one per token, heads side by side) into the cache (heads one after the other). */
  #append(cache: Float32Array, added: Float32Array, position: number): void {
    const { kvHeads, headSize } = this.config;
    const count = added.length / (kvHeads * headSize);
    for (let token = 0; token < count; token++) {
      for (let head = 0; head < kvHeads; head++) {
        const from = (token * kvHeads + head) * headSize;
        cache.set(
          added.subarray(from, from + headSize),
          (head * this.#capacity + position + token) * headSize,
        );
      }
    }
  }

  /** Makes room for `total` rows. Buffers grow by doubling, so that short texts take little memory. */
  #reserve(total: number): void {
    if (total <= this.#capacity) return;
    const { kvHeads, headSize, contextTokens } = this.config;
    const before = this.#capacity;
    while (this.#capacity < total) this.#capacity = Math.min(2 * this.#capacity, contextTokens);
    this.#cache = this.#cache.map(({ name, rows }) => {
      const grown = new Float32Array(this.#capacity * rowSize(this.config));
      for (let head = 0; head < kvHeads; head++) {
        const old = rows.subarray(head * before * headSize, (head + 1) * before * headSize);
        grown.set(old, head * this.#capacity * headSize);
      }
      return { name, rows: grown };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

interface CacheEntry {
  readonly name: string;
  /** [kvHeads, capacity, headSize] */
  readonly rows: Float32Array;
}

const rowSize = ({ kvHeads, headSize }: DecoderConfig): number => kvHeads * headSize;

function floatsOf(outputs: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`the graph has no output ${name}`);
  return data;
}
