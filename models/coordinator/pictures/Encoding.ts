import type { Answered } from '#shared/models/routing.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { textHash } from '../../cache/cacheKey.ts';
import type { Encoder, VectorStore } from '../../cache/VectorStore.ts';
import type { Lease } from '../../manager/ModelManager.ts';
import type { Raster } from '../../preprocessing/raster.ts';

/** Vectors of one model as it is in memory now; those made before are remembered. */
export class Encoding {
  readonly #lease: Lease;
  readonly #store: VectorStore;
  readonly #answered: () => Answered;

  constructor(lease: Lease, store: VectorStore, answered: () => Answered) {
    this.#lease = lease;
    this.#store = store;
    this.#answered = answered;
  }

  /** One unit vector for each text. Only texts that come again should be `remembered`. */
  async ofTexts(
    texts: readonly string[],
    signal: AbortSignal,
    { remembered }: { readonly remembered: boolean },
  ): Promise<readonly Float32Array[]> {
    if (!remembered) return this.#lease.model.encodeText(texts, signal);
    const hashes = texts.map(textHash);
    const vectors = this.#store.get('text', this.#encoder, hashes);
    const missing = texts.filter((_, index) => !vectors.has(hashes[index] ?? ''));
    const fresh = await this.#lease.model.encodeText(missing, signal);
    const made = new Map(fresh.map((vector, index) => [textHash(missing[index] ?? ''), vector]));
    if (made.size > 0) this.#store.put('text', this.#encoder, made);
    return hashes.map((hash) => vectors.get(hash) ?? made.get(hash) ?? new Float32Array());
  }

  /** Vectors of the pictures that were encoded before, in the order asked for. */
  ofPictures(images: readonly ImageId[]): Map<ImageId, Float32Array> {
    const vectors = this.#store.get('picture', this.#encoder, images);
    return new Map(
      images.flatMap((id) => {
        const vector = vectors.get(id);
        return vector ? [[id, vector] as const] : [];
      }),
    );
  }

  async encodePictures(
    images: readonly ImageId[],
    rasters: readonly Raster[],
    signal: AbortSignal,
  ): Promise<void> {
    const vectors = await this.#lease.model.encodeImage(rasters, signal);
    const made = images.map((id, index) => [id, vectors[index] ?? new Float32Array()] as const);
    this.#store.put('picture', this.#encoder, new Map(made));
  }

  /** Asked again each time: where memory ran out, the model has become a smaller one. */
  get #encoder(): Encoder {
    const { modelId, revision, precision } = this.#answered();
    return { modelId, revision, precision: precision ?? '' };
  }
}
