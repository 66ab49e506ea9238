import { AppError } from '#shared/errors/AppError.ts';
import type { Capabilities } from '#shared/models/capability.ts';
import type { Device, Placement } from '#shared/models/devices.ts';
import type { ModelVariant, Precision } from '#shared/models/manifest.ts';
import {
  cosines,
  type Finish,
  type GeneratedPiece,
  type GeneratedText,
  type GenerateRequest,
  type MultimodalModel,
  type Prompting,
  type Raster,
  type SimilarityRequest,
} from '../adapters/adapter.ts';
import { isOutOfMemory } from '../runtime/memoryErrors.ts';
import { type Attempt, type NextAttempt, planSmaller } from './planSmaller.ts';

/** A way in which a model can be held. */
export type Rung = Pick<Attempt, 'device' | 'precision'>;

export interface LadderOptions {
  /** Variants whose files are there. */
  readonly installed: readonly ModelVariant[];
  /** Brings the model into memory in this way. Errors: model/*. */
  readonly open: (rung: Rung) => Promise<MultimodalModel>;
  /** Told after a call that changed what the model holds or where it runs. */
  readonly onChange?: () => void;
  /** Told when the model had to be given up: there was no memory even for the smallest way to hold it. */
  readonly onLost?: (error: AppError) => void;
}

/**
 * A model that goes on in a smaller way where memory runs out: fewer items at once, then the processor, then a smaller
 * variant; only then does a call fail, with the error that asks the writer. A device that fails for another reason is left
 * for the processor too. What was computed before stays, and items are what they would have been one by one. Calls that
 * arrive while the model is opened anew wait for it.
 */
export class LadderModel implements MultimodalModel {
  readonly #options: LadderOptions;
  #model: MultimodalModel;
  #rung: Rung;
  /** Why a device was left. */
  #left: string;
  #users = 0;
  #unused: (() => void) | null = null;
  #reopening: Promise<void> | null = null;
  #lost: AppError | null = null;

  private constructor(options: LadderOptions, { model, rung, left }: Opened) {
    this.#options = options;
    this.#model = model;
    this.#rung = rung;
    this.#left = left;
  }

  /** Loads in the first way, or the next smaller one where there is memory. Errors: model/*. */
  static async open(first: Rung, options: LadderOptions): Promise<LadderModel> {
    return new LadderModel(options, await openFrom(first, '', options));
  }

  get precision(): Precision {
    return this.#rung.precision;
  }

  get capabilities(): Capabilities {
    return this.#model.capabilities;
  }

  get residentBytes(): number {
    return this.#model.residentBytes;
  }

  get itemsAtOnce(): number {
    return this.#model.itemsAtOnce;
  }

  get prompting(): Prompting | null {
    return this.#model.prompting;
  }

  get placement(): Placement {
    const { device, reason } = this.#model.placement;
    return { device, reason: device === 'cpu' && this.#left !== '' ? this.#left : reason };
  }

  encodeImage(images: readonly Raster[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#inParts(images, (model, part) => model.encodeImage(part, signal));
  }

  encodeText(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#inParts(texts, (model, part) => model.encodeText(part, signal));
  }

  generateBatch(
    requests: readonly GenerateRequest[],
    signal: AbortSignal,
  ): Promise<readonly GeneratedText[]> {
    return this.#inParts(requests, (model, part) => model.generateBatch(part, signal));
  }

  async answerQuestion(
    images: readonly Raster[],
    questions: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (images.length !== questions.length)
      return this.#use((model) => model.answerQuestion(images, questions, signal));
    const asked = questions.map((question, index) => ({ question, image: images[index] as Raster }));
    return this.#inParts(asked, (model, part) =>
      model.answerQuestion(
        part.map(({ image }) => image),
        part.map(({ question }) => question),
        signal,
      ),
    );
  }

  async similarity(request: SimilarityRequest, signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (!this.capabilities.similarity_computation)
      return this.#use((model) => model.similarity(request, signal));
    return cosines(this, request, signal);
  }

  /** Once text has been given out, running out of memory ends it: another way of computing would write on differently. */
  async *generateText(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GeneratedPiece, Finish> {
    for (;;) {
      const [model, rung] = await this.#enter();
      const pieces = model.generateText(request, signal);
      let failure: unknown;
      let begun = false;
      try {
        let next = await pieces.next();
        while (!next.done) {
          begun = true;
          yield next.value;
          next = await pieces.next();
        }
        return next.value;
      } catch (error) {
        failure = error;
      } finally {
        await pieces.return('cancelled').catch(() => undefined);
        this.#leave();
      }
      if (begun || signal.aborted) throw failure;
      await this.#stepDown({ ...rung, batch: 1 }, failure);
    }
  }

  /** Computes as many items together as the model does at once, fewer where memory runs out. */
  async #inParts<Item, Result>(
    items: readonly Item[],
    compute: (model: MultimodalModel, part: readonly Item[]) => Promise<readonly Result[]>,
  ): Promise<Result[]> {
    const results: Result[] = [];
    let batch = Math.max(1, this.#model.itemsAtOnce);
    do {
      const part = items.slice(results.length, results.length + batch);
      let rung = this.#rung;
      const work = (model: MultimodalModel, present: Rung) => {
        rung = present;
        return compute(model, part);
      };
      try {
        results.push(...(await this.#use(work)));
      } catch (error) {
        batch = await this.#stepDown({ ...rung, batch: Math.max(1, part.length) }, error);
      }
    } while (results.length < items.length);
    return results;
  }

  async #use<Result>(work: (model: MultimodalModel, rung: Rung) => Promise<Result>): Promise<Result> {
    const [model, rung] = await this.#enter();
    const before = this.#picture();
    try {
      return await work(model, rung);
    } finally {
      this.#leave();
      if (this.#picture() !== before) this.#options.onChange?.();
    }
  }

  /** What a window shows of the model. */
  #picture(): string {
    return JSON.stringify([this.placement, this.residentBytes]);
  }

  async #enter(): Promise<[MultimodalModel, Rung]> {
    while (this.#reopening) await this.#reopening;
    this.#refuseLost();
    this.#users += 1;
    return [this.#model, this.#rung];
  }

  #refuseLost(): void {
    if (this.#lost) throw this.#lost;
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#unused?.();
  }

  /** Takes the next rung after a failed attempt and tells how many items to compute together. Errors: the failure itself. */
  async #stepDown(attempt: Attempt, failure: unknown): Promise<number> {
    this.#refuseLost();
    // Another call may have met the same wall and left this rung already.
    if (attempt.device !== this.#rung.device || attempt.precision !== this.#rung.precision) return 1;
    const next = planNext(attempt, failure, this.#options.installed);
    if (next.kind === 'ask') throw asking(attempt, failure);
    if (next.kind !== 'smaller-batch') {
      this.#reopening ??= this.#reopen(next.attempt, leaving(attempt.device, failure)).finally(() => {
        this.#reopening = null;
      });
      await this.#reopening;
      this.#refuseLost();
    }
    return next.attempt.batch;
  }

  async #reopen(rung: Rung, left: string): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#unused = resolve));
    this.#unused = null;
    try {
      await this.#model[Symbol.asyncDispose]();
      const opened = await openFrom(rung, left, this.#options);
      this.#model = opened.model;
      this.#rung = opened.rung;
      this.#left ||= opened.left;
    } catch (error) {
      this.#lost = AppError.from(error);
      this.#options.onLost?.(this.#lost);
    }
    this.#options.onChange?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reopening;
    if (!this.#lost) await this.#model[Symbol.asyncDispose]();
  }
}

interface Opened {
  readonly model: MultimodalModel;
  readonly rung: Rung;
  readonly left: string;
}

async function openFrom(first: Rung, why: string, options: LadderOptions): Promise<Opened> {
  let [rung, left] = [first, why];
  for (;;) {
    try {
      return { model: await options.open(rung), rung, left };
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      const next = planNext({ ...rung, batch: 1 }, error, options.installed);
      if (next.kind === 'ask') throw asking(rung, error);
      left ||= leaving(rung.device, error);
      rung = next.attempt;
    }
  }
}

/** What is tried after a failure: the next rung where memory ran out, the processor where a device failed otherwise. */
function planNext(attempt: Attempt, failure: unknown, installed: readonly ModelVariant[]): NextAttempt {
  if (isOutOfMemory(failure)) {
    // Fewer items make no graph smaller that could not be opened.
    const wasOpening = failure instanceof AppError && failure.details['opening'] === true;
    return planSmaller(wasOpening ? { ...attempt, batch: 1 } : attempt, installed);
  }
  const isUnexplained = AppError.from(failure).code === 'internal/unexpected';
  return isUnexplained && attempt.device !== 'cpu'
    ? { kind: 'cpu', attempt: { ...attempt, device: 'cpu' } }
    : { kind: 'ask' };
}

/** The error that asks the writer to make room, where nothing smaller is left. */
function asking({ device, precision }: Rung, failure: unknown): unknown {
  if (!isOutOfMemory(failure) || failure instanceof AppError) return failure;
  return new AppError('model/out-of-memory', AppError.from(failure).message, {
    details: { device, precision },
    cause: failure,
  });
}

const leaving = (device: Device, failure: unknown): string =>
  device === 'cpu' ? '' : `${device}: ${AppError.from(failure).message}`;
