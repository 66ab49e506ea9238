import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { asSquare, cutAnyres, planAnyres } from '../preprocessing/anyresPixels.ts';
import { patchPixels, smartSize } from '../preprocessing/patchPixels.ts';
import type {
  AnyresPreprocessor,
  PatchPreprocessor,
  Preprocessor,
  SquarePreprocessor,
  TilePreprocessor,
} from '../preprocessing/preprocessor.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { pixelsOf, squarePixels } from '../preprocessing/squarePixels.ts';
import { cutTiles, planTiles, type TileGrid, tileCount } from '../preprocessing/tilePixels.ts';
import type { CheckpointConfig } from './checkpointConfig.ts';
import { packedCount, packTiles, planPacking } from './packTiles.ts';
import type { FeatureGrid } from './positions.ts';
import { floatsOf, runError } from './sessions.ts';

/** A picture to look at. */
export interface Shown {
  readonly raster: Raster;
  /** Whether to look less closely, as some models do at pictures that share a prompt. */
  readonly briefly: boolean;
}

/** What a decoder reads of a picture. */
export interface SeenPicture {
  /** One row after the other, each as long as an embedded token. */
  readonly features: Float32Array;
  readonly count: number;
  readonly grid: FeatureGrid;
  /** One vector for the whole picture, where the encoder has one. */
  readonly embedding: Float32Array | null;
  /** Where it was cut into tiles that are written one by one, the whole picture last: equally many features each. */
  readonly tiles?: TileGrid;
}

/** The part of a model that looks at pictures: `vision_encoder` and how it wants them prepared. */
export class PictureTower {
  readonly #session: InferenceSession;
  readonly #preprocessor: Preprocessor;
  readonly #config: CheckpointConfig;

  constructor(session: InferenceSession, preprocessor: Preprocessor, config: CheckpointConfig) {
    this.#session = session;
    this.#preprocessor = preprocessor;
    this.#config = config;
  }

  /** Whether pictures that share a prompt are looked at less closely than one alone. */
  get glances(): boolean {
    return this.#preprocessor.kind === 'anyres';
  }

  /** Features of a picture of this size that stands alone in a prompt. */
  countFor(size: Pick<Raster, 'width' | 'height'>): number {
    const preprocessor = this.#preprocessor;
    const each = this.#config.pictureTokens;
    if (preprocessor.kind === 'anyres') {
      const grid = planAnyres(size, preprocessor);
      return packedCount(planPacking(size, grid, Math.sqrt(each), this.#config.mostTiles));
    }
    if (preprocessor.kind === 'square') return preprocessor.features ?? each;
    if (preprocessor.kind === 'tiles') return each * tileCount(planTiles(size, preprocessor));
    const factor = preprocessor.patchSize * preprocessor.mergeSize;
    const { width, height } = smartSize(size, factor, preprocessor);
    return (width / factor) * (height / factor);
  }

  /** The tiles that a picture of this size is cut into; `null` where pictures are not written in tiles. */
  tilesFor(size: Pick<Raster, 'width' | 'height'>): TileGrid | null {
    return this.#preprocessor.kind === 'tiles' ? planTiles(size, this.#preprocessor) : null;
  }

  /** Between two tiles a cancel is heard. */
  async look({ raster, briefly }: Shown, signal: AbortSignal): Promise<SeenPicture> {
    const preprocessor = this.#preprocessor;
    if (preprocessor.kind === 'square') return this.#square(preprocessor, raster);
    if (preprocessor.kind === 'tiles') return this.#tiles(preprocessor, raster, signal);
    if (preprocessor.kind === 'anyres') {
      return briefly
        ? this.#glance(preprocessor, raster, signal)
        : this.#packed(preprocessor, raster, signal);
    }
    return this.#patches(preprocessor, raster);
  }

  async #square(preprocessor: SquarePreprocessor, raster: Raster): Promise<SeenPicture> {
    const { data, shape } = squarePixels(preprocessor, [raster]);
    const outputs = await this.#run({ pixel_values: new Tensor('float32', data, shape) });
    const count = Number(outputs['image_features']?.dims[1]);
    const { image_embeds: embeds } = outputs;
    return {
      features: floatsOf(outputs, 'image_features'),
      count,
      grid: { time: 1, height: 1, width: count },
      embedding: embeds ? floatsOf(outputs, 'image_embeds') : null,
    };
  }

  async #patches(preprocessor: PatchPreprocessor, raster: Raster): Promise<SeenPicture> {
    const { data, shape, grids } = patchPixels(preprocessor, [raster]);
    const [{ time, height, width } = { time: 1, height: 0, width: 0 }] = grids;
    const sides = BigInt64Array.from([time, height, width], BigInt);
    const outputs = await this.#run({
      pixel_values: new Tensor('float32', data, shape),
      image_grid_thw: new Tensor('int64', sides, [1, 3]),
    });
    const { mergeSize } = preprocessor;
    const grid = { time, height: height / mergeSize, width: width / mergeSize };
    return {
      features: floatsOf(outputs, 'image_features'),
      count: grid.time * grid.height * grid.width,
      grid,
      embedding: null,
    };
  }

  async #tiles(preprocessor: TilePreprocessor, raster: Raster, signal: AbortSignal): Promise<SeenPicture> {
    const { parts, each } = await this.#eachTile(cutTiles(raster, preprocessor), preprocessor, signal);
    return { ...inLine(joined(parts), each * parts.length), tiles: planTiles(raster, preprocessor) };
  }

  /** The whole picture, then its tiles put together, every line with its end. */
  async #packed(preprocessor: AnyresPreprocessor, raster: Raster, signal: AbortSignal): Promise<SeenPicture> {
    const { parts, each } = await this.#eachTile(cutAnyres(raster, preprocessor), preprocessor, signal);
    const grid = planAnyres(raster, preprocessor);
    const packing = planPacking(raster, grid, Math.sqrt(each - 1), this.#config.mostTiles);
    return inLine(packTiles(parts, packing), packedCount(packing));
  }

  /** The whole picture alone, made square. */
  async #glance(preprocessor: AnyresPreprocessor, raster: Raster, signal: AbortSignal): Promise<SeenPicture> {
    const { parts, each } = await this.#eachTile([asSquare(raster, preprocessor)], preprocessor, signal);
    return inLine(joined(parts), each);
  }

  /** One by one: attention among the patches of a tile takes much memory, and all of them would take it at once. */
  async #eachTile(
    tiles: readonly Raster[],
    { normalisation }: TilePreprocessor | AnyresPreprocessor,
    signal: AbortSignal,
  ): Promise<{ parts: Float32Array[]; each: number }> {
    const parts: Float32Array[] = [];
    let each = 0;
    for (const tile of tiles) {
      signal.throwIfAborted();
      const { data, shape } = pixelsOf([tile], normalisation);
      const outputs = await this.#run({ pixel_values: new Tensor('float32', data, shape) });
      each = Number(outputs['image_features']?.dims[1]);
      parts.push(floatsOf(outputs, 'image_features'));
    }
    return { parts, each };
  }

  async #run(feeds: InferenceSession.OnnxValueMapType): Promise<InferenceSession.OnnxValueMapType> {
    try {
      return await this.#session.run(feeds);
    } catch (error) {
      throw runError(error);
    }
  }
}

/** Features without a grid. */
const inLine = (features: Float32Array, count: number): SeenPicture => ({
  features,
  count,
  grid: { time: 1, height: 1, width: count },
  embedding: null,
});

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
