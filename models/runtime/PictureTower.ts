import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { patchPixels, smartSize } from '../preprocessing/patchPixels.ts';
import type { PatchPreprocessor, Preprocessor, SquarePreprocessor } from '../preprocessing/preprocessor.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { squarePixels } from '../preprocessing/squarePixels.ts';
import type { FeatureGrid } from './positions.ts';
import { floatsOf, runError } from './sessions.ts';

/** What a decoder reads of a picture. */
export interface SeenPicture {
  /** One row after the other, each as long as an embedded token. */
  readonly features: Float32Array;
  readonly count: number;
  readonly grid: FeatureGrid;
  /** One vector for the whole picture, where the encoder has one. */
  readonly embedding: Float32Array | null;
}

/** The part of a model that looks at pictures: `vision_encoder` and how it wants them prepared. */
export class PictureTower {
  readonly #session: InferenceSession;
  readonly #preprocessor: Preprocessor;

  constructor(session: InferenceSession, preprocessor: Preprocessor) {
    this.#session = session;
    this.#preprocessor = preprocessor;
  }

  /** Tokens that a picture of this size takes, where that depends on its size; else `null`. */
  countFor(size: Pick<Raster, 'width' | 'height'>): number | null {
    const preprocessor = this.#preprocessor;
    if (preprocessor.kind === 'square') return null;
    const factor = preprocessor.patchSize * preprocessor.mergeSize;
    const { width, height } = smartSize(size, factor, preprocessor);
    return (width / factor) * (height / factor);
  }

  async look(raster: Raster): Promise<SeenPicture> {
    const preprocessor = this.#preprocessor;
    return preprocessor.kind === 'square'
      ? this.#square(preprocessor, raster)
      : this.#patches(preprocessor, raster);
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

  async #run(feeds: InferenceSession.OnnxValueMapType): Promise<InferenceSession.OnnxValueMapType> {
    try {
      return await this.#session.run(feeds);
    } catch (error) {
      throw runError(error);
    }
  }
}
