import { AppError } from '#shared/errors/AppError.ts';
import type { ModelManifest, WritingTraits } from '#shared/models/manifest.ts';
import { Decoder } from '../../runtime/Decoder.ts';
import { generate } from '../../runtime/generate.ts';
import { Lane } from '../../runtime/Lane.ts';
import { TextTokenizer } from '../../runtime/TextTokenizer.ts';
import {
  BaseModel,
  type Finish,
  type GeneratedPiece,
  type GenerateRequest,
  type ModelAdapter,
  type Prompting,
  type Turn,
} from '../adapter.ts';
import { renderChat } from '../chatml.ts';
import { asTurns, createPrompting, type Dialect, renderContinuation } from '../dialect.ts';

const chat = (turns: readonly Turn[]) => renderChat(turns, 'You are a helpful assistant');

const dialects: Readonly<Record<WritingTraits['form'], Dialect>> = {
  chat: {
    form: 'chat',
    pictures: 'none',
    render: (lead, text) => chat(asTurns(lead, text)),
    converse: chat,
  },
  continue: {
    form: 'continue',
    pictures: 'none',
    render: renderContinuation,
    converse: (turns) => turns.map(({ text }) => text).join('\n\n'),
  },
};

/** A decoder-only text model behind a fused graph. Requests wait for each other: it has one KV cache. */
class TextModel extends BaseModel {
  readonly residentBytes: number;
  override readonly prompting: Prompting;
  readonly #decoder: Decoder;
  readonly #tokenizer: TextTokenizer;
  readonly #lane = new Lane();

  constructor(
    manifest: ModelManifest,
    memoryBytes: number,
    writing: WritingTraits,
    decoder: Decoder,
    tokenizer: TextTokenizer,
  ) {
    super(manifest, decoder.placement.device, decoder.placement.reason);
    this.#decoder = decoder;
    this.#tokenizer = tokenizer;
    this.residentBytes = memoryBytes;
    this.prompting = createPrompting(dialects[writing.form], tokenizer, decoder.config);
  }

  override async *generateText(
    { images, prompt, names, keepTokens, sampling }: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<GeneratedPiece, Finish> {
    if (images.length > 0) throw this.unsupported('image_encoding');
    const turn = await this.#lane.enter(signal);
    try {
      const ids = this.#tokenizer.encode(prompt);
      if (ids.length === 0 || ids.length >= this.#decoder.config.contextTokens) {
        throw new AppError('input/invalid', 'The prompt does not fit the model', {
          details: { tokens: ids.length, contextTokens: this.#decoder.config.contextTokens },
        });
      }
      return yield* generate(
        this.#decoder,
        this.#tokenizer,
        { prompt: ids, names, keepTokens, sampling },
        signal,
      );
    } finally {
      turn.leave();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lane.run(new AbortController().signal, async () => {
      await this.#decoder[Symbol.asyncDispose]();
    });
  }
}

export const textAdapter: ModelAdapter = {
  family: 'text',
  async load({ manifest, variant, folder, devices }) {
    if (!manifest.writing) throw new AppError('model/damaged', `${manifest.id} says nothing about writing`);
    const tokenizer = await TextTokenizer.open(folder);
    const decoder = await Decoder.open(folder, devices);
    return new TextModel(manifest, variant.memoryBytes, manifest.writing, decoder, tokenizer);
  },
};
