import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import type { Device, Placement } from '#shared/models/devices.ts';
import type { Precision } from '#shared/models/manifest.ts';
import { readPreprocessor } from '../preprocessing/preprocessor.ts';
import type { Raster } from '../preprocessing/raster.ts';
import type { TileGrid } from '../preprocessing/tilePixels.ts';
import { CrossMemory } from './CrossMemory.ts';
import { type CheckpointConfig, readCheckpointConfig } from './checkpointConfig.ts';
import { Decoder, readDecoderConfig } from './Decoder.ts';
import { Embedder } from './Embedder.ts';
import { openParts, readModelFolder } from './modelFolder.ts';
import { PictureMemory, type RememberedPicture } from './PictureMemory.ts';
import { PictureTower } from './PictureTower.ts';
import { openOnFirst, openSession } from './sessions.ts';
import { EmbeddedInput } from './stepInput.ts';
import { TextTokenizer } from './TextTokenizer.ts';
import { meanOfRows } from './vectors.ts';

interface ReaderParts {
  readonly device: Device;
  readonly reason: string;
  readonly config: CheckpointConfig;
  readonly tokenizer: TextTokenizer;
  readonly decoder: Decoder;
  readonly memory: CrossMemory | null;
  readonly tower: PictureTower;
  readonly pictures: PictureMemory;
  readonly embedder: Embedder;
}

/** The parts of a model that reads pictures and text and writes, opened from one folder. One caller at a time. */
export class PictureReader implements AsyncDisposable {
  readonly device: Device;
  /** Why it is on no faster device; empty where none was tried for it. */
  readonly reason: string;
  readonly config: CheckpointConfig;
  readonly tokenizer: TextTokenizer;
  readonly decoder: Decoder;
  readonly #pictures: PictureMemory;
  readonly #tower: PictureTower;
  readonly #memory: CrossMemory | null;
  readonly #parts: AsyncDisposable;

  private constructor(parts: ReaderParts, opened: AsyncDisposable) {
    this.device = parts.device;
    this.reason = parts.reason;
    this.config = parts.config;
    this.tokenizer = parts.tokenizer;
    this.decoder = parts.decoder;
    this.#pictures = parts.pictures;
    this.#tower = parts.tower;
    this.#memory = parts.memory;
    this.#parts = opened;
  }

  /** Opens one precision of a folder in our layout, on the first device that takes it. Errors: model/*. */
  static open(
    folder: string,
    precision: Precision,
    devices: readonly Device[] = ['cpu'],
  ): Promise<PictureReader> {
    return openOnFirst(devices, (device, reason) =>
      PictureReader.#openOn(folder, precision, { device, reason }),
    );
  }

  static async #openOn(
    folder: string,
    precision: Precision,
    { device, reason }: Placement,
  ): Promise<PictureReader> {
    const fileOf = await openParts(folder, precision);
    const config = await readCheckpointConfig(folder);
    const decoderConfig = await readDecoderConfig(folder);
    const preprocessor = await readPreprocessor(folder);
    const tokenizer = await TextTokenizer.open(folder);
    await using opened = new AsyncDisposableStack();
    const open = async (part: string): Promise<InferenceSession> => {
      const session = await openSession(fileOf(part), {
        device,
        threads: heavyThreads(),
      });
      opened.defer(() => session.release());
      return session;
    };
    const tower = new PictureTower(await open('vision_encoder'), preprocessor, config);
    const pictures = new PictureMemory((shown, signal) => tower.look(shown, signal));
    const embedder = new Embedder(await open('embed_tokens'), pictures);
    const encodes = (await readModelFolder(folder)).variants[precision]?.parts['encoder'] !== undefined;
    const memory = encodes
      ? new CrossMemory(await open('encoder'), embedder, decoderConfig.startId ?? 0)
      : null;
    const decoder = new Decoder({
      config: decoderConfig,
      session: await open('decoder'),
      input: new EmbeddedInput(
        embedder,
        decoderConfig.positions ?? { kind: 'learned' },
        decoderConfig.headSize,
      ),
      cacheType: decoderConfig.cacheType?.[precision] ?? 'float32',
      memory,
    });
    const parts = { device, reason, config, tokenizer, decoder, memory, tower, pictures, embedder };
    return new PictureReader(parts, opened.move());
  }

  /** Features of a picture of this size. */
  countFor(size: Pick<Raster, 'width' | 'height'>): number {
    return this.#tower.countFor(size);
  }

  /** The tiles that a picture of this size is cut into and written as; `null` where it is written as one. */
  tilesFor(size: Pick<Raster, 'width' | 'height'>): TileGrid | null {
    return this.#tower.tilesFor(size);
  }

  /**
   * What is to be read of the pictures of several prompts, prompt by prompt. They stay until others are asked for; between
   * two a cancel is heard.
   */
  async see(
    prompts: readonly (readonly Raster[])[],
    signal: AbortSignal,
  ): Promise<(readonly RememberedPicture[])[]> {
    const shown = prompts.flatMap((rasters) =>
      rasters.map((raster) => ({ raster, briefly: this.#tower.glances && rasters.length > 1 })),
    );
    const seen = await this.#pictures.see(shown, signal);
    return prompts.map(({ length }) => seen.splice(0, length));
  }

  /** One vector for a text: what the decoder knows at its end, or the mean of what the encoder makes of it. */
  async encode(tokens: readonly number[], signal: AbortSignal): Promise<Float32Array> {
    if (this.#memory) {
      const states = await this.#memory.encode(tokens);
      return meanOfRows(states, tokens.length);
    }
    await this.decoder.prefill(tokens, signal);
    return this.decoder.hidden?.slice() ?? new Float32Array();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

/** Large models take every core but one, which is left to the writer. */
const heavyThreads = (): number => Math.max(1, Math.min(8, availableParallelism() - 1));
