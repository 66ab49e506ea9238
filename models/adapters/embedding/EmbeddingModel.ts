import type { ModelManifest } from '#shared/models/manifest.ts';
import { Lane } from '../../runtime/Lane.ts';
import { TextEncoderSession } from '../../runtime/TextEncoderSession.ts';
import { BaseModel, type ModelAdapter } from '../adapter.ts';
import { RememberedVectors } from '../RememberedVectors.ts';

/** Texts whose vectors are remembered: 384 floats each, so 30 MB at most. */
const rememberedTexts = 20_000;

/** A sentence encoder. Captions and tags are asked for again and again, so their vectors are remembered. */
class EmbeddingModel extends BaseModel {
  readonly residentBytes: number;
  readonly #session: TextEncoderSession;
  readonly #lane = new Lane();
  readonly #remembered = new RememberedVectors(rememberedTexts);

  constructor(manifest: ModelManifest, memoryBytes: number, session: TextEncoderSession) {
    super(manifest, session.placement.device, session.placement.reason);
    this.#session = session;
    this.residentBytes = memoryBytes;
  }

  override async encodeText(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#lane.run(signal, async () => {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        signal.throwIfAborted();
        const vector = this.#remembered.get(text) ?? (await this.#session.encode(text));
        this.#remembered.set(text, vector);
        vectors.push(vector);
      }
      return vectors;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lane.run(new AbortController().signal, async () => {
      this.#remembered.clear();
      await this.#session[Symbol.asyncDispose]();
    });
  }
}

export const embeddingAdapter: ModelAdapter = {
  family: 'embedding',
  load: async ({ manifest, variant, folder, devices }) =>
    new EmbeddingModel(manifest, variant.memoryBytes, await TextEncoderSession.open(folder, devices)),
};
