import { AppError } from '#shared/errors/AppError.ts';
import type { ModelFamily, ModelManifest, ModelVariant } from '#shared/models/manifest.ts';
import { tileCount } from '../preprocessing/tilePixels.ts';
import { type GenerationInput, generate, generateTogether } from '../runtime/generate.ts';
import { Lane } from '../runtime/Lane.ts';
import type { RememberedPicture } from '../runtime/PictureMemory.ts';
import { PictureReader } from '../runtime/PictureReader.ts';
import { expandMarks, pictureTokens, tileTokens } from '../runtime/pictureTokens.ts';
import { meanOfRows, unit } from '../runtime/vectors.ts';
import {
  BaseModel,
  type Finish,
  type GeneratedPiece,
  type GeneratedText,
  type GenerateRequest,
  type ModelAdapter,
  type Prompting,
  type Raster,
} from './adapter.ts';
import { createPrompting, type Dialect } from './dialect.ts';
import { mostLikely } from './mostLikely.ts';

/** Texts that are written side by side: each has keys and values of its own in memory. */
const rowsAtOnce = 8;

/** A model that reads pictures among words and writes. Requests wait for each other: it has one KV cache. */
class PictureWriter extends BaseModel {
  override readonly itemsAtOnce = rowsAtOnce;
  readonly residentBytes: number;
  override readonly prompting: Prompting;
  readonly #reader: PictureReader;
  readonly #dialect: Dialect;
  readonly #lane = new Lane();

  constructor(manifest: ModelManifest, variant: ModelVariant, reader: PictureReader, dialect: Dialect) {
    super(manifest, reader.device, reader.reason);
    this.residentBytes = variant.memoryBytes;
    this.#reader = reader;
    this.#dialect = dialect;
    this.prompting = createPrompting(dialect, reader.tokenizer, {
      contextTokens: reader.decoder.config.contextTokens,
      pictureTokens: (size) => this.#countTokens(size),
    });
  }

  override async encodeImage(
    images: readonly Raster[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    if (!this.capabilities.image_encoding) throw this.unsupported('image_encoding');
    return this.#lane.run(signal, async () => {
      const vectors: Float32Array[] = [];
      for (const image of images) {
        const [[seen] = []] = await this.#reader.see([[image]], signal);
        if (seen) vectors.push(unit(seen.embedding ?? meanOfRows(seen.features, seen.count)));
      }
      return vectors;
    });
  }

  override async encodeText(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (!this.capabilities.text_encoding) throw this.unsupported('text_encoding');
    return this.#lane.run(signal, async () => {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        signal.throwIfAborted();
        const tokens = this.#reader.tokenizer.encode(text);
        this.#checkLength(tokens);
        vectors.push(unit(await this.#reader.encode(tokens, signal)));
      }
      return vectors;
    });
  }

  override async *generateText(
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<GeneratedPiece, Finish> {
    const turn = await this.#lane.enter(signal);
    try {
      const [input] = await this.#read([request], signal).catch((error: unknown) => {
        if (signal.aborted) return [];
        throw error;
      });
      if (!input) return 'cancelled';
      return yield* generate(this.#reader.decoder, this.#reader.tokenizer, input, signal);
    } finally {
      turn.leave();
    }
  }

  override async generateBatch(
    requests: readonly GenerateRequest[],
    signal: AbortSignal,
  ): Promise<readonly GeneratedText[]> {
    return this.#lane.run(signal, async () => {
      const texts: GeneratedText[] = [];
      for (let start = 0; start < requests.length; start += rowsAtOnce) {
        const inputs = await this.#read(requests.slice(start, start + rowsAtOnce), signal);
        const { decoder, tokenizer } = this.#reader;
        texts.push(...(await generateTogether(decoder, tokenizer, inputs, signal)));
      }
      return texts;
    });
  }

  override async answerQuestion(
    images: readonly Raster[],
    questions: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (!this.capabilities.question_answering) throw this.unsupported('question_answering');
    if (images.length !== questions.length) {
      throw new AppError('input/invalid', 'Every question needs its picture', {
        details: { pictures: images.length, questions: questions.length },
      });
    }
    const requests = questions.map((text, index) => ({
      images: images.slice(index, index + 1),
      prompt: this.prompting.converse([{ role: 'user', text, pictures: 1 }]),
      names: [],
      keepTokens: 0,
      sampling: mostLikely,
    }));
    const answers = await this.generateBatch(requests, signal);
    signal.throwIfAborted();
    return answers.map(({ text }) => text.trim());
  }

  /** Looks at the pictures and puts them into their prompts. Errors: input/invalid. */
  async #read(requests: readonly GenerateRequest[], signal: AbortSignal): Promise<GenerationInput[]> {
    const marked = requests.map(({ prompt, images }) => {
      const ids = this.#reader.tokenizer.encode(prompt);
      this.#checkMarks(ids, images.length);
      return ids;
    });
    const seen = await this.#reader.see(
      requests.map(({ images }) => images),
      signal,
    );
    return requests.map(({ names, keepTokens, sampling }, index) => {
      const pictures = seen[index]?.map((picture) => this.#tokensOf(picture)) ?? [];
      const prompt = this.#expand(marked[index] ?? [], pictures);
      this.#checkLength(prompt.tokens);
      return { prompt: prompt.tokens, names, keepTokens: prompt.after(keepTokens), sampling };
    });
  }

  #tokensOf({ key, count, tiles }: RememberedPicture): number[] {
    const features = pictureTokens(key, count);
    const written = tiles ? this.#dialect.tiled?.(tiles) : undefined;
    return written === undefined
      ? features
      : tileTokens(this.#reader.tokenizer.encode(written), this.#reader.config.imageTokenId ?? -1, features);
  }

  #countTokens(size: Pick<Raster, 'width' | 'height'>): number {
    const features = this.#reader.countFor(size);
    const tiles = this.#reader.tilesFor(size);
    const written = tiles ? (this.#dialect.tiled?.(tiles) ?? '') : '';
    const marks = tiles && written !== '' ? tileCount(tiles) : 0;
    return features + this.#reader.tokenizer.count(written) - marks;
  }

  #expand(ids: readonly number[], pictures: readonly (readonly number[])[]) {
    const mark = this.#reader.config.imageTokenId ?? -1;
    if (this.#dialect.pictures === 'marks') return expandMarks(ids, mark, pictures);
    const first = pictures.flat();
    return { tokens: [...first, ...ids], after: (count: number) => first.length + count };
  }

  #checkMarks(ids: readonly number[], pictures: number): void {
    const mark = this.#reader.config.imageTokenId;
    const marks = ids.filter((id) => id === mark).length;
    const wanted = this.#dialect.pictures === 'marks' ? pictures : 0;
    if (marks === wanted) return;
    throw new AppError('input/invalid', 'The prompt has another number of pictures than were given', {
      details: { marks, pictures },
    });
  }

  #checkLength({ length }: readonly number[]): void {
    const { contextTokens } = this.#reader.decoder.config;
    if (length > 0 && length < contextTokens) return;
    throw new AppError('input/invalid', 'The prompt does not fit the model', {
      details: { tokens: length, contextTokens },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lane.run(new AbortController().signal, () => this.#reader[Symbol.asyncDispose]());
  }
}

/** The adapter of a family whose checkpoints differ in nothing but their weights and their dialect. */
export const pictureAdapter = (
  family: ModelFamily,
  dialectOf: (manifest: ModelManifest) => Dialect,
): ModelAdapter => ({
  family,
  load: async ({ manifest, variant, folder, devices }) =>
    new PictureWriter(
      manifest,
      variant,
      await PictureReader.open(folder, variant.precision, devices),
      dialectOf(manifest),
    ),
});
