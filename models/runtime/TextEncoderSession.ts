import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device, Placement } from '#shared/models/devices.ts';
import { openPlaced, type PlacedSession, runError } from './sessions.ts';
import { TextTokenizer } from './TextTokenizer.ts';

/** Longest text that a sentence encoder reads; the rest of a longer one is not looked at. */
const maxTokens = 256;

/** A BERT-like sentence encoder: mean over the tokens of the last hidden state, scaled to length 1. */
export class TextEncoderSession implements AsyncDisposable {
  readonly placement: Placement;
  readonly #session: InferenceSession;
  readonly #tokenizer: TextTokenizer;

  private constructor({ session, placement }: PlacedSession, tokenizer: TextTokenizer) {
    this.placement = placement;
    this.#session = session;
    this.#tokenizer = tokenizer;
  }

  /** Opens `model.onnx` and `tokenizer.json` of a folder, on the first device that takes it. Errors: model/*. */
  static async open(folder: string, devices: readonly Device[] = ['cpu']): Promise<TextEncoderSession> {
    const tokenizer = await TextTokenizer.open(folder);
    return new TextEncoderSession(await openPlaced(join(folder, 'model.onnx'), devices), tokenizer);
  }

  /** One text at a time: no padding, and the result does not depend on what else is asked. */
  async encode(text: string): Promise<Float32Array> {
    const all = this.#tokenizer.encode(text);
    const ids = all.length > maxTokens ? [...all.slice(0, maxTokens - 1), ...all.slice(-1)] : all;
    const shape = [1, ids.length];
    const row = (values: BigInt64Array) => new Tensor('int64', values, shape);
    try {
      const { last_hidden_state: hidden } = await this.#session.run({
        input_ids: row(BigInt64Array.from(ids, BigInt)),
        attention_mask: row(new BigInt64Array(ids.length).fill(1n)),
        token_type_ids: row(new BigInt64Array(ids.length)),
      });
      return meanPool(hidden?.data as Float32Array, ids.length);
    } catch (error) {
      throw runError(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

/** Mean of `rows` rows, scaled to length 1. */
function meanPool(values: Float32Array, rows: number): Float32Array {
  const size = values.length / rows;
  const mean = new Float32Array(size);
  for (let index = 0; index < values.length; index++) {
    const column = index % size;
    mean[column] = (mean[column] ?? 0) + (values[index] ?? 0);
  }
  const length = Math.hypot(...mean);
  return length === 0 ? mean : mean.map((component) => component / length);
}
