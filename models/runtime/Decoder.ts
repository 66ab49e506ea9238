import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '#shared/errors/AppError.ts';
import type { Device, Placement } from '#shared/models/devices.ts';
import type { CrossMemory } from './CrossMemory.ts';
import { type CacheType, checkAgainstGraph, DecoderConfig } from './decoderConfig.ts';
import { KvCache } from './KvCache.ts';
import { weightBytes } from './LazySession.ts';
import { chunkFor, mostChunkTokens, mostSamplingMs, sampleTokens } from './pace.ts';
import { floatsOf, openPlaced, runError } from './sessions.ts';
import { type StepInput, tokenInput } from './stepInput.ts';

/** One of the texts that are computed side by side. */
interface Row {
  /** Tokens whose keys and values are in the cache. */
  readonly tokens: readonly number[];
  /** How many of them, from the start, were computed as whole prompt chunks. */
  readonly reusable: number;
}

const emptyRow: Row = { tokens: [], reusable: 0 };

interface DecoderParts {
  readonly config: DecoderConfig;
  readonly session: InferenceSession;
  readonly input: StepInput;
  readonly cacheType?: CacheType;
  /** Where an encoder reads the prompt. */
  readonly memory?: CrossMemory | null;
  readonly placement?: Placement;
}

/**
 * Smaller graphs answer with a token on the processor before a graphics card has been handed the cache, which lies in the
 * processor's memory. A judgement, not a measurement.
 */
const worthHandingOverBytes = 128 * 2 ** 20;
const small: Placement = { device: 'cpu', reason: 'a model this small writes fastest on the processor' };

/**
 * A fused decoder graph with its KV cache. The cache lies in buffers that the graph reads where they are; what it returns
 * is only what is new, some kilobytes for a token. One caller at a time, with one text or several side by side.
 */
export class Decoder implements AsyncDisposable {
  readonly config: DecoderConfig;
  readonly placement: Placement;
  readonly #session: InferenceSession;
  readonly #input: StepInput;
  readonly #memory: CrossMemory | null;
  readonly #cache: KvCache;
  #rows: Row[] = [emptyRow];
  /** Prompt tokens that are computed in one uninterruptible step; `null` before it has been measured. */
  #chunkTokens: number | null;
  #hidden: Float32Array | null = null;

  /** Takes the session over. Errors: model/damaged where the parts do not belong together. */
  constructor({ config, session, input, cacheType = 'float32', memory = null, ...parts }: DecoderParts) {
    checkAgainstGraph(config, session, cacheType);
    this.config = config;
    this.placement = parts.placement ?? { device: 'cpu', reason: '' };
    this.#session = session;
    this.#input = input;
    this.#memory = memory;
    this.#cache = new KvCache(config, cacheType);
    this.#chunkTokens = config.input === 'embeds' ? null : mostChunkTokens;
  }

  /**
   * Opens `model.onnx` and `decoder.json` of a folder, on the first device that takes it; a small one on the processor.
   * Errors: model/damaged, model/load-failed, model/out-of-memory.
   */
  static async open(folder: string, devices: readonly Device[] = ['cpu']): Promise<Decoder> {
    const config = await readDecoderConfig(folder);
    const file = join(folder, 'model.onnx');
    const isSmall = (await weightBytes(file)) < worthHandingOverBytes;
    const { session, placement } = await openPlaced(file, isSmall ? ['cpu'] : devices);
    const isMoved = isSmall && devices[0] !== 'cpu';
    try {
      return new Decoder({ config, session, input: tokenInput, placement: isMoved ? small : placement });
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.tokens.length;
  }

  get tokens(): readonly number[] {
    return this.tokensOf(0);
  }

  tokensOf(row: number): readonly number[] {
    return this.#row(row).tokens;
  }

  /** What the decoder knew after the last step of a single text, where the graph tells; overwritten by the next step. */
  get hidden(): Float32Array | null {
    return this.#hidden;
  }

  /** Whether several texts can be computed in one step. */
  get batches(): boolean {
    return this.config.input === 'embeds';
  }

  /** How many texts stand side by side. What the first ones hold is kept. */
  setRows(count: number): void {
    this.#cache.setSlots(count);
    this.#rows = Array.from({ length: count }, (_, row) => this.#rows[row] ?? emptyRow);
  }

  /** Gives up a text; the last one takes its place. */
  dropRow(row: number): void {
    const last = this.#rows.length - 1;
    if (row !== last) {
      this.#cache.copy(last, row);
      this.#memory?.copy(last, row);
      this.#rows[row] = this.#row(last);
    }
    this.#rows.pop();
  }

  /** Reads a prompt and returns the logits of the first token to be written. */
  async begin(prompt: readonly number[], signal: AbortSignal, row = 0): Promise<Float32Array> {
    if (!this.#memory) return this.prefill(prompt, signal, row);
    signal.throwIfAborted();
    await this.#memory.read(prompt, row);
    this.#rows[row] = emptyRow;
    return this.prefill([this.#memory.startId], signal, row);
  }

  /**
   * Makes the cache hold exactly `tokens` and returns the logits after them. What the cache already holds, for this text
   * or another one, is kept, in whole chunks only: the same prompt is then always computed in the same steps, so that a
   * seed gives the same text whatever was asked before. Stops between chunks when aborted.
   */
  async prefill(tokens: readonly number[], signal: AbortSignal, row = 0): Promise<Float32Array> {
    signal.throwIfAborted();
    const chunkTokens = this.#chunkTokens ?? (await this.#measure(tokens, row));
    const kept = this.#keep(tokens, row, chunkTokens);
    if (this.#rows.length === 1) this.#cache.shrink(tokens.length);
    let logits: Float32Array = new Float32Array();
    for (let at = kept; at < tokens.length; at += chunkTokens) {
      signal.throwIfAborted();
      const chunk = tokens.slice(at, at + chunkTokens);
      logits = await this.step(chunk, row);
      if (chunk.length === chunkTokens) {
        this.#rows[row] = { tokens: this.tokensOf(row), reusable: at + chunkTokens };
      }
    }
    return logits;
  }

  /** Appends tokens to one text; returns the logits after the last one, a fresh array each time. */
  async step(tokens: readonly number[], row = 0): Promise<Float32Array> {
    const outputs = await this.#run(row, [tokens]);
    this.#hidden = outputs['hidden'] ? floatsOf(outputs, 'hidden') : null;
    return floatsOf(outputs, 'logits');
  }

  /** Appends one token to every text, in one step; returns the logits of each. */
  async stepAll(ids: readonly number[]): Promise<Float32Array[]> {
    const outputs = await this.#run(
      0,
      ids.map((id) => [id]),
    );
    const logits = floatsOf(outputs, 'logits');
    const size = logits.length / ids.length;
    return ids.map((_, row) => logits.subarray(row * size, (row + 1) * size));
  }

  /** Finds what is already computed of `tokens`; forgets the rest of what the row holds. */
  #keep(tokens: readonly number[], row: number, chunkTokens: number): number {
    const usable = ({ tokens: held, reusable }: Row): number => {
      const shared = tokens.findIndex((token, index) => token !== held[index]);
      const common = Math.min(shared < 0 ? tokens.length : shared, reusable, tokens.length - 1);
      return common - (common % chunkTokens);
    };
    let [best, kept] = [row, usable(this.#row(row))];
    if (!this.#memory) {
      for (const [other, candidate] of this.#rows.entries()) {
        if (usable(candidate) > kept) [best, kept] = [other, usable(candidate)];
      }
    }
    if (best !== row) this.#cache.copy(best, row);
    this.#rows[row] = { tokens: tokens.slice(0, kept), reusable: kept };
    return kept;
  }

  /**
   * Takes the time of some tokens of the first long prompt, and forgets them again. The first step of a session reads the
   * weights from the disk, and other programs disturb some of the others: both would tell of a slower machine.
   */
  async #measure(tokens: readonly number[], row: number): Promise<number> {
    if (tokens.length <= 2 * sampleTokens) return mostChunkTokens;
    const took = async (count: number): Promise<number> => {
      const started = performance.now();
      this.#rows[row] = emptyRow;
      await this.step(tokens.slice(0, count), row);
      return performance.now() - started;
    };
    let spentMs = await took(1);
    let fastestMs = Number.POSITIVE_INFINITY;
    do {
      const sampleMs = await took(sampleTokens);
      fastestMs = Math.min(fastestMs, sampleMs);
      spentMs += sampleMs;
    } while (chunkFor(fastestMs) < mostChunkTokens && spentMs < mostSamplingMs);
    this.#rows[row] = emptyRow;
    this.#chunkTokens = chunkFor(fastestMs);
    return this.#chunkTokens;
  }

  async #run(
    first: number,
    added: readonly (readonly number[])[],
  ): Promise<InferenceSession.OnnxValueMapType> {
    const before = this.#rows.slice(first, first + added.length);
    const after = added.map((tokens, index) => [...(before[index]?.tokens ?? []), ...tokens]);
    const longest = Math.max(...after.map(({ length }) => length));
    if (longest > this.config.contextTokens) throw new RangeError('the context is full');
    try {
      this.#cache.reserve(longest);
      const outputs = await this.#session.run({
        ...(await this.#input.feeds(
          after.map((tokens, index) => ({ tokens, from: before[index]?.tokens.length ?? 0 })),
        )),
        seqlens_k: new Tensor(
          'int32',
          Int32Array.from(after, ({ length }) => length - 1),
          [after.length],
        ),
        total_sequence_length: new Tensor('int32', Int32Array.of(longest), []),
        ...this.#cache.feeds(first, added.length),
        ...this.#memory?.feeds(first, added.length),
      });
      for (const [index, tokens] of after.entries()) {
        const { tokens: old, reusable } = before[index] ?? emptyRow;
        this.#cache.append(outputs, {
          slot: first + index,
          place: index,
          tokens: tokens.length - old.length,
          position: old.length,
        });
        this.#rows[first + index] = { tokens, reusable };
      }
      return outputs;
    } catch (error) {
      this.#rows = this.#rows.map(() => emptyRow);
      throw runError(error);
    }
  }

  #row(row: number): Row {
    return this.#rows[row] ?? emptyRow;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

/** Reads `decoder.json` of a folder. Errors: model/damaged. */
export async function readDecoderConfig(folder: string): Promise<DecoderConfig> {
  try {
    return DecoderConfig.parse(JSON.parse(await readFile(join(folder, 'decoder.json'), 'utf8')));
  } catch (error) {
    throw new AppError('model/damaged', 'The decoder description cannot be read', { cause: error });
  }
}
