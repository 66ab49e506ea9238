import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import type { Device, Placement } from '#shared/models/devices.ts';
import type { ModelManifest, ModelVariant } from '#shared/models/manifest.ts';
import { readPreprocessor, type SquarePreprocessor } from '../../preprocessing/preprocessor.ts';
import { squarePixels } from '../../preprocessing/squarePixels.ts';
import { Lane } from '../../runtime/Lane.ts';
import { LazySession, unitRows } from '../../runtime/LazySession.ts';
import { openParts } from '../../runtime/modelFolder.ts';
import { TextTokenizer } from '../../runtime/TextTokenizer.ts';
import { BaseModel, type ModelAdapter, type Raster } from '../adapter.ts';
import { RememberedVectors } from '../RememberedVectors.ts';
import { type TextShape, textInputs } from './textInputs.ts';

/** More at once gains little on a processor, and a cancel would have to wait for it. */
export const imagesAtOnce = 8;
export const textsAtOnce = 16;
/** 512 to 1,024 floats each, so 80 MB at most. */
const rememberedTexts = 20_000;

interface Towers {
  readonly text: LazySession;
  readonly vision: LazySession;
}

interface Preparation {
  readonly tokenizer: TextTokenizer;
  readonly textShape: TextShape;
  readonly preprocessor: SquarePreprocessor;
}

/** Two encoders into one space of meanings. Each is loaded when it is first asked for. */
class ClipModel extends BaseModel {
  override readonly itemsAtOnce = textsAtOnce;
  readonly #memoryBytes: number;
  readonly #towers: Towers;
  readonly #preparation: Preparation;
  readonly #lane = new Lane();
  readonly #remembered = new RememberedVectors(rememberedTexts);

  constructor(
    manifest: ModelManifest,
    { memoryBytes }: ModelVariant,
    towers: Towers,
    preparation: Preparation,
    firstDevice: Device = 'cpu',
  ) {
    super(manifest, firstDevice);
    this.#memoryBytes = memoryBytes;
    this.#towers = towers;
    this.#preparation = preparation;
  }

  /** The share of the encoders that have been opened. */
  get residentBytes(): number {
    const towers = [this.#towers.text, this.#towers.vision];
    const bytesOf = (some: readonly LazySession[]) => some.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
    const share = bytesOf(towers.filter(({ isOpen }) => isOpen)) / bytesOf(towers);
    return Math.round(this.#memoryBytes * share);
  }

  /** Where the encoders are, the slower place of the two; before one is opened, where it will be tried first. */
  override get placement(): Placement {
    const { text, vision } = this.#towers;
    const opened = [text.placement, vision.placement].filter((placement) => placement !== null);
    return opened.find(({ device }) => device === 'cpu') ?? opened[0] ?? super.placement;
  }

  override async encodeImage(
    images: readonly Raster[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    return this.#lane.run(signal, async () => {
      const vectors: Float32Array[] = [];
      for (const batch of batches(images, imagesAtOnce)) {
        signal.throwIfAborted();
        const { data, shape } = squarePixels(this.#preparation.preprocessor, batch);
        const pixelValues = { type: 'float32' as const, data, shape };
        vectors.push(
          ...unitRows(await this.#towers.vision.run({ pixel_values: pixelValues }, 'image_embeds')),
        );
      }
      return vectors;
    });
  }

  override async encodeText(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#lane.run(signal, async () => {
      const { tokenizer, textShape } = this.#preparation;
      const found = new Map(texts.map((text) => [text, this.#remembered.get(text)]));
      const missing = [...found].filter(([, vector]) => !vector).map(([text]) => text);
      for (const batch of batches(missing, textsAtOnce)) {
        signal.throwIfAborted();
        const inputs = textInputs(
          batch.map((text) => tokenizer.encode(text)),
          textShape,
        );
        const vectors = unitRows(await this.#towers.text.run(inputs, 'text_embeds'));
        for (const [index, text] of batch.entries()) {
          const vector = vectors[index] ?? new Float32Array();
          found.set(text, vector);
          this.#remembered.set(text, vector);
        }
      }
      return texts.map((text) => found.get(text) ?? new Float32Array());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lane.run(new AbortController().signal, async () => {
      this.#remembered.clear();
      await this.#towers.text[Symbol.asyncDispose]();
      await this.#towers.vision[Symbol.asyncDispose]();
    });
  }
}

function* batches<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}

const TextConfig = z.object({ max_position_embeddings: z.number().int().min(2).max(4096) });
const ClipConfig = z.object({ model_type: z.string(), text_config: TextConfig.partial().optional() });
const TokenizerConfig = z.object({
  pad_token: z.union([z.string(), z.object({ content: z.string() })]).nullish(),
});

/** Context lengths of checkpoints whose configuration leaves the default out. */
const usualContext: Readonly<Record<string, number>> = {
  clip: 77,
  siglip: 64,
  siglip2: 64,
  chinese_clip: 52,
};

async function readJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}

async function readTextShape(folder: string, tokenizer: TextTokenizer): Promise<TextShape> {
  try {
    const { model_type: type, text_config: text } = ClipConfig.parse(await readJson(folder, 'config.json'));
    const { pad_token: pad } = TokenizerConfig.parse(await readJson(folder, 'tokenizer_config.json'));
    const mark = typeof pad === 'string' ? pad : (pad?.content ?? '');
    const most = text?.max_position_embeddings ?? usualContext[type] ?? 77;
    return {
      // BERT's table is longer than what Chinese-CLIP was trained on.
      contextTokens: type === 'chinese_clip' ? Math.min(most, usualContext[type] ?? most) : most,
      padId: tokenizer.idOf(mark) ?? 0,
      fillsContext: type.startsWith('siglip'),
    };
  } catch (error) {
    throw new AppError('model/damaged', 'The description of the text encoder cannot be read', {
      cause: error,
    });
  }
}

export const clipAdapter: ModelAdapter = {
  family: 'clip',
  async load({ manifest, variant, folder, devices }) {
    const fileOf = await openParts(folder, variant.precision);
    const towers = {
      text: await LazySession.at(fileOf('text_model'), devices),
      vision: await LazySession.at(fileOf('vision_model'), devices),
    };
    const preprocessor = await readPreprocessor(folder);
    if (preprocessor.kind !== 'square') throw new AppError('model/damaged', 'Not how CLIP prepares pictures');
    const tokenizer = await TextTokenizer.open(folder);
    const textShape = await readTextShape(folder, tokenizer);
    return new ClipModel(manifest, variant, towers, { tokenizer, textShape, preprocessor }, devices?.[0]);
  },
};
