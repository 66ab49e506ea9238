import { AppError } from '#shared/errors/AppError.ts';
import type { Capabilities, Capability } from '#shared/models/capability.ts';
import type { Device, Placement } from '#shared/models/devices.ts';
import type { ModelFamily, ModelId, ModelManifest, ModelVariant } from '#shared/models/manifest.ts';
import type { Sampling } from '#shared/models/task.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { TemplateForm } from '#shared/text/prompts/templates.ts';
import type { Raster } from '../preprocessing/raster.ts';
import type { Finish, GeneratedPiece } from '../runtime/Draft.ts';
import type { GeneratedText } from '../runtime/generate.ts';
import { dot } from '../runtime/vectors.ts';

export type { Finish, GeneratedPiece, GeneratedText, Raster };

export interface GenerateRequest {
  /** As many as the prompt has marks for pictures; they stand there in this order. */
  readonly images: readonly Raster[];
  readonly prompt: string;
  /** Names of people that the text is about; once begun, they are spelled to their end. */
  readonly names: readonly string[];
  /** Prompt tokens from the start that stay when older text must make room. */
  readonly keepTokens: number;
  readonly sampling: Sampling;
}

/** What is compared with what; exactly one left and one right side. */
export interface SimilarityRequest {
  readonly left: { readonly images: readonly Raster[] } | { readonly texts: readonly string[] };
  readonly right: { readonly images: readonly Raster[] } | { readonly texts: readonly string[] };
}

/** One turn of a conversation, with the pictures that are shown before its text. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly pictures: number;
}

/** How a model that writes is spoken to. Marks inside what it is given are disarmed. */
export interface Prompting {
  readonly form: TemplateForm;
  readonly contextTokens: number;
  /** Tokens of a prompt; a picture's mark is one of them. */
  count(text: string): number;
  /** Tokens that a picture of this size takes; 0 where the model sees none. */
  pictureTokens(size: Pick<Raster, 'width' | 'height'>): number;
  /** Puts the model's own marks around: it goes on with `text` after having read `lead`. */
  render(lead: string, text: string): string;
  /**
   * A conversation in the model's own marks. The model answers the last turn, or goes on with it where it is its own.
   * Errors: input/invalid where pictures cannot be shown.
   */
  converse(turns: readonly Turn[]): string;
  /**
   * What a model that was trained to caption is told instead of words for a description of this kind, as a turn's text;
   * `null` where it is asked in words.
   */
  caption(style: DescriptionStyle): string | null;
}

/**
 * A model in memory: the specification's one interface for every family. A call that a model does not support throws
 * `model/unsupported-call`; `capabilities` tells beforehand. Disposing gives the memory back; a disposed model must not
 * be called.
 */
export interface MultimodalModel extends AsyncDisposable {
  readonly capabilities: Capabilities;
  /** What it runs on, and why not on something faster. */
  readonly placement: Placement;
  readonly residentBytes: number;
  /** Items of one call that it computes together at most. */
  readonly itemsAtOnce: number;
  /** `null` for models that do not write. */
  readonly prompting: Prompting | null;
  /** One unit vector per picture. */
  encodeImage(images: readonly Raster[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  /** One unit vector per text. */
  encodeText(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  generateText(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GeneratedPiece, Finish>;
  /** Several texts, side by side where the model can: each is what `generateText` would have written. */
  generateBatch(requests: readonly GenerateRequest[], signal: AbortSignal): Promise<readonly GeneratedText[]>;
  /** One answer per picture and question. */
  answerQuestion(
    images: readonly Raster[],
    questions: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Cosine similarities, one row per item on the left. */
  similarity(request: SimilarityRequest, signal: AbortSignal): Promise<readonly Float32Array[]>;
}

export interface LoadContext {
  readonly manifest: ModelManifest;
  /** The precision to load; its files are in `folder`. */
  readonly variant: ModelVariant;
  /** Folder with the converted files. */
  readonly folder: string;
  /** Devices that work on this machine, best first; the processor alone where it is missing. */
  readonly devices?: readonly Device[];
}

/** One family of models: knows how to bring any of its checkpoints into memory. Errors: model/*. */
export interface ModelAdapter {
  readonly family: ModelFamily;
  load(context: LoadContext): Promise<MultimodalModel>;
}

/** Refuses every call; families override what they can do. */
export abstract class BaseModel implements MultimodalModel {
  readonly capabilities: Capabilities;
  abstract readonly residentBytes: number;
  readonly itemsAtOnce: number = 1;
  readonly prompting: Prompting | null = null;
  readonly #placement: Placement;
  readonly #modelId: ModelId;

  constructor(manifest: ModelManifest, device: Device = 'cpu', reason = '') {
    this.capabilities = manifest.capabilities;
    this.#placement = { device, reason };
    this.#modelId = manifest.id;
  }

  get placement(): Placement {
    return this.#placement;
  }

  async encodeImage(_images: readonly Raster[], _signal: AbortSignal): Promise<readonly Float32Array[]> {
    throw this.unsupported('image_encoding');
  }

  async encodeText(_texts: readonly string[], _signal: AbortSignal): Promise<readonly Float32Array[]> {
    throw this.unsupported('text_encoding');
  }

  // biome-ignore lint/correctness/useYield: a refusal has nothing to yield
  async *generateText(
    _request: GenerateRequest,
    _signal: AbortSignal,
  ): AsyncGenerator<GeneratedPiece, Finish> {
    throw this.unsupported('text_generation');
  }

  async generateBatch(
    requests: readonly GenerateRequest[],
    signal: AbortSignal,
  ): Promise<readonly GeneratedText[]> {
    const texts: GeneratedText[] = [];
    for (const request of requests) {
      const pieces = this.generateText(request, signal);
      const [ids, parts]: [number[], string[]] = [[], []];
      let tokens = 0;
      let next = await pieces.next();
      for (; !next.done; next = await pieces.next()) {
        parts.push(next.value.text);
        tokens = next.value.tokens;
        if (next.value.id !== undefined) ids.push(next.value.id);
      }
      texts.push({ text: parts.join(''), tokens, ids, finish: next.value });
    }
    return texts;
  }

  async answerQuestion(
    _images: readonly Raster[],
    _questions: readonly string[],
    _signal: AbortSignal,
  ): Promise<readonly string[]> {
    throw this.unsupported('question_answering');
  }

  async similarity(request: SimilarityRequest, signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (!this.capabilities.similarity_computation) throw this.unsupported('similarity_computation');
    return cosines(this, request, signal);
  }

  abstract [Symbol.asyncDispose](): Promise<void>;

  protected unsupported(capability: Capability): AppError {
    return new AppError('model/unsupported-call', `${this.#modelId} has no ${capability}`, {
      details: { modelId: this.#modelId, capability },
    });
  }
}

/** Cosine similarities of what a model makes of two sides, one row per item on the left. */
export async function cosines(
  model: Pick<MultimodalModel, 'encodeImage' | 'encodeText'>,
  { left, right }: SimilarityRequest,
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  const encode = (side: SimilarityRequest['left']) =>
    'images' in side ? model.encodeImage(side.images, signal) : model.encodeText(side.texts, signal);
  const [rows, columns] = [await encode(left), await encode(right)];
  return rows.map((row) => Float32Array.from(columns, (column) => dot(row, column)));
}
