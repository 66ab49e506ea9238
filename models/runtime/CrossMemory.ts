import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Embedder } from './Embedder.ts';
import { floatsOf, runError } from './sessions.ts';

/** What the encoder made of one prompt. */
interface ReadPrompt {
  readonly length: number;
  /** `cross.…` by name, [1, heads, length, size]. */
  readonly cross: ReadonlyMap<string, Tensor>;
}

/** For models whose encoder reads the prompt and whose decoder looks back on it: what the encoder made, one per text. */
export class CrossMemory {
  /** The token that a text begins with. */
  readonly startId: number;
  readonly #encoder: InferenceSession;
  readonly #embedder: Embedder;
  #prompts: (ReadPrompt | undefined)[] = [];
  /** Inputs of the last step; they hold for as long as the same texts go on. */
  #feeds: { first: number; count: number; feeds: Record<string, Tensor> } | null = null;

  constructor(encoder: InferenceSession, embedder: Embedder, startId: number) {
    this.#encoder = encoder;
    this.#embedder = embedder;
    this.startId = startId;
  }

  /** Reads a prompt for one text. */
  async read(tokens: readonly number[], row: number): Promise<void> {
    const outputs = await this.#encode(tokens);
    const cross = Object.entries(outputs).filter(([name]) => name.startsWith('cross.'));
    this.#prompts[row] = { length: tokens.length, cross: new Map(cross) };
    this.#feeds = null;
  }

  /** What the encoder makes of tokens, a row each. */
  async encode(tokens: readonly number[]): Promise<Float32Array> {
    return floatsOf(await this.#encode(tokens), 'encoder_hidden_states');
  }

  /** Gives a text what another one has read. */
  copy(from: number, to: number): void {
    this.#prompts[to] = this.#prompts[from];
    this.#feeds = null;
  }

  /** Inputs for `count` texts from `first`; shorter prompts are filled up and masked. */
  feeds(first: number, count: number): Record<string, Tensor> {
    if (this.#feeds?.first !== first || this.#feeds.count !== count) {
      const prompts = this.#prompts.slice(first, first + count).filter((prompt) => prompt !== undefined);
      this.#feeds = { first, count, feeds: joined(prompts) };
    }
    return this.#feeds.feeds;
  }

  async #encode(tokens: readonly number[]): Promise<InferenceSession.OnnxValueMapType> {
    const embedded = await this.#embedder.embed(tokens);
    const dims = [1, tokens.length];
    try {
      return await this.#encoder.run({
        inputs_embeds: new Tensor('float32', embedded, [...dims, embedded.length / tokens.length]),
        attention_mask: new Tensor('int64', new BigInt64Array(tokens.length).fill(1n), dims),
      });
    } catch (error) {
      throw runError(error);
    }
  }
}

function joined(prompts: readonly ReadPrompt[]): Record<string, Tensor> {
  const longest = Math.max(...prompts.map(({ length }) => length));
  const mask = new BigInt64Array(prompts.length * longest);
  for (const [row, { length }] of prompts.entries()) mask.fill(1n, row * longest, row * longest + length);
  const feeds: Record<string, Tensor> = {
    encoder_attention_mask: new Tensor('int64', mask, [prompts.length, longest]),
  };
  for (const name of prompts[0]?.cross.keys() ?? []) {
    const [, heads = 0, , size = 0] = prompts[0]?.cross.get(name)?.dims ?? [];
    const data = new Float32Array(prompts.length * heads * longest * size);
    for (const [row, { cross, length }] of prompts.entries()) {
      const own = cross.get(name)?.data as Float32Array;
      for (let head = 0; head < heads; head++) {
        const part = own.subarray(head * length * size, (head + 1) * length * size);
        data.set(part, (row * heads + head) * longest * size);
      }
    }
    feeds[name] = new Tensor('float32', data, [prompts.length, heads, longest, size]);
  }
  return feeds;
}
