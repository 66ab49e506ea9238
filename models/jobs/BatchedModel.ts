import { AppError } from '#shared/errors/AppError.ts';
import type { ModelFamily } from '#shared/models/manifest.ts';
import type {
  Finish,
  GeneratedPiece,
  GeneratedText,
  GenerateRequest,
  ModelAdapter,
  MultimodalModel,
  Raster,
  SimilarityRequest,
} from '../adapters/adapter.ts';
import { Lane } from '../runtime/Lane.ts';
import { Batcher } from './Batcher.ts';
import { BatchSizes } from './BatchSizes.ts';
import { type Clock, realClock } from './clock.ts';

type BatchedCall = 'encodeImage' | 'encodeText' | 'generateBatch' | 'answerQuestion';

/** The sizes that pay, by call; outlives the model in memory. */
export type SizesOf = (call: BatchedCall) => BatchSizes;

/** A call that may find company waits for it at most this long. */
const maxWaitMs = 4;

const always = () => true;
const count = (results: readonly unknown[]) => results.length;

/** A short text must not wait until a long one is written. */
const alikeLong = (a: GenerateRequest, b: GenerateRequest): boolean => {
  const [one, other] = [a.sampling.maxTokens, b.sampling.maxTokens];
  return Math.max(one, other) <= 2 * Math.min(one, other);
};

interface Question {
  readonly image: Raster;
  readonly question: string;
}

/** A model whose callers share runs where that pays; to each it looks as if it were alone. */
export class BatchedModel implements MultimodalModel {
  readonly #model: MultimodalModel;
  readonly #lane = new Lane();
  readonly #images: Batcher<Raster, Float32Array>;
  readonly #texts: Batcher<string, Float32Array>;
  readonly #writing: Batcher<GenerateRequest, GeneratedText>;
  readonly #answers: Batcher<Question, string>;

  constructor(model: MultimodalModel, sizesOf: SizesOf, clock: Clock = realClock) {
    this.#model = model;
    const common = { lane: this.#lane, clock, maxWaitMs, itemsAtOnce: () => model.itemsAtOnce };
    this.#images = new Batcher<Raster, Float32Array>({
      ...common,
      run: (images, signal) => model.encodeImage(images, signal),
      mayShare: always,
      workOf: count,
      sizes: sizesOf('encodeImage'),
    });
    this.#texts = new Batcher<string, Float32Array>({
      ...common,
      run: (texts, signal) => model.encodeText(texts, signal),
      mayShare: always,
      workOf: count,
      sizes: sizesOf('encodeText'),
    });
    this.#writing = new Batcher({
      ...common,
      run: (requests, signal) => model.generateBatch(requests, signal),
      mayShare: alikeLong,
      workOf: (texts) => texts.reduce((sum, { tokens }) => sum + tokens, 0),
      sizes: sizesOf('generateBatch'),
    });
    this.#answers = new Batcher({
      ...common,
      run: (asked, signal) =>
        model.answerQuestion(
          asked.map(({ image }) => image),
          asked.map(({ question }) => question),
          signal,
        ),
      mayShare: always,
      workOf: (answers) => answers.reduce((sum, { length }) => sum + length, 0),
      sizes: sizesOf('answerQuestion'),
    });
  }

  get capabilities() {
    return this.#model.capabilities;
  }
  get placement() {
    return this.#model.placement;
  }
  get residentBytes() {
    return this.#model.residentBytes;
  }
  get itemsAtOnce() {
    return this.#model.itemsAtOnce;
  }
  get prompting() {
    return this.#model.prompting;
  }

  encodeImage(images: readonly Raster[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#images.call(images, signal);
  }

  encodeText(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#texts.call(texts, signal);
  }

  async *generateText(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GeneratedPiece, Finish> {
    const turn = await this.#lane.enter(signal);
    try {
      return yield* this.#model.generateText(request, signal);
    } finally {
      turn.leave();
    }
  }

  generateBatch(
    requests: readonly GenerateRequest[],
    signal: AbortSignal,
  ): Promise<readonly GeneratedText[]> {
    return this.#writing.call(requests, signal);
  }

  async answerQuestion(
    images: readonly Raster[],
    questions: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (images.length !== questions.length) {
      throw new AppError('input/invalid', 'Every question needs its picture', {
        details: { pictures: images.length, questions: questions.length },
      });
    }
    const asked = questions.flatMap((question, index) => {
      const image = images[index];
      return image ? [{ image, question }] : [];
    });
    return this.#answers.call(asked, signal);
  }

  similarity(request: SimilarityRequest, signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#lane.run(signal, () => this.#model.similarity(request, signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#model[Symbol.asyncDispose]();
  }
}

/** The same adapters, whose models share runs. What pays is remembered for each model, precision and device. */
export function batched(adapters: ReadonlyMap<ModelFamily, ModelAdapter>): Map<ModelFamily, ModelAdapter> {
  const sizes = new Map<string, BatchSizes>();
  const sizesOf = (key: string): BatchSizes => {
    const known = sizes.get(key) ?? new BatchSizes();
    sizes.set(key, known);
    return known;
  };
  return new Map(
    Array.from(adapters, ([family, adapter]) => [
      family,
      {
        family,
        async load(context) {
          const model = await adapter.load(context);
          const { manifest, variant } = context;
          const name = `${manifest.id} ${manifest.revision} ${variant.precision} ${model.placement.device}`;
          return new BatchedModel(model, (call) => sizesOf(`${name} ${call}`));
        },
      },
    ]),
  );
}
