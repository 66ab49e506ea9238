import { createHash } from 'node:crypto';
import type { SeenPicture, Shown } from './PictureTower.ts';
import { pictureKey } from './pictureTokens.ts';

/** Features that are kept for the next question: some ten pictures of the largest models. */
export const rememberedBytes = 128 * 2 ** 20;

export interface RememberedPicture extends SeenPicture {
  readonly key: number;
}

/** A cancel may be heard while a picture is looked at. */
type Look = (shown: Shown, signal: AbortSignal) => Promise<SeenPicture>;

/** Looks at pictures once: a second question about one finds its features here. */
export class PictureMemory {
  readonly #look: Look;
  readonly #limitBytes: number;
  /** The one that was asked for last stands last. */
  readonly #pictures = new Map<number, RememberedPicture>();

  constructor(look: Look, limitBytes = rememberedBytes) {
    this.#look = look;
    this.#limitBytes = limitBytes;
  }

  /** What is to be read of these pictures. They stay until others are asked for; between two a cancel is heard. */
  async see(pictures: readonly Shown[], signal: AbortSignal): Promise<RememberedPicture[]> {
    const asked: RememberedPicture[] = [];
    for (const shown of pictures) {
      signal.throwIfAborted();
      const key = keyOf(shown);
      const picture = this.#pictures.get(key) ?? { key, ...(await this.#look(shown, signal)) };
      this.#pictures.delete(key);
      this.#pictures.set(key, picture);
      asked.push(picture);
    }
    this.#forget(new Set(asked));
    return asked;
  }

  of(key: number): RememberedPicture {
    const picture = this.#pictures.get(key);
    if (!picture) throw new Error('a picture is read that nobody has looked at');
    return picture;
  }

  #forget(needed: ReadonlySet<RememberedPicture>): void {
    let bytes = 0;
    for (const picture of this.#pictures.values()) bytes += picture.features.byteLength;
    for (const picture of [...this.#pictures.values()]) {
      if (bytes <= this.#limitBytes) return;
      if (needed.has(picture)) continue;
      bytes -= picture.features.byteLength;
      this.#pictures.delete(picture.key);
    }
  }
}

function keyOf({ raster: { width, height, rgb }, briefly }: Shown): number {
  const hash = createHash('sha256')
    .update(`${String(width)}x${String(height)}${briefly ? ' briefly' : ''}\n`)
    .update(rgb);
  return pictureKey(hash.digest('hex'));
}
