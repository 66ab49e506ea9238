import { AppError } from '#shared/errors/AppError.ts';
import type { ComposeContext } from '#shared/models/compose.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { RankCandidate, RankedImage, WriteContext, WriteEvent } from '#shared/models/task.ts';
import type { Language } from '#shared/story/scene.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { Lease, ModelManager } from '../manager/ModelManager.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { readRaster } from '../preprocessing/readRaster.ts';
import { composeWith } from './composeWith.ts';
import { describeWith } from './describeWith.ts';
import { lexicalMatchId, lexicalSimilarity, termsOf } from './lexicalMatch.ts';
import { phrasesOf } from './phrases.ts';
import type { RouteRequest } from './planRoute.ts';
import { Router } from './Router.ts';
import { rankByText, type Similarity, textsOf } from './rankByText.ts';
import { type WantedSampling, writeWith } from './writeWith.ts';

export interface WriteRequest {
  readonly context: WriteContext;
  readonly modelId: ModelId | null;
  readonly sampling: WantedSampling;
}

export interface ComposeRequest {
  readonly context: ComposeContext;
  readonly modelId: ModelId | null;
  readonly sampling: WantedSampling;
}

export interface RankRequest {
  readonly passage: string;
  readonly language: Language;
  readonly candidates: readonly RankCandidate[];
  readonly topK: number;
}

export interface AnswerRequest {
  readonly language: Language;
  readonly question: string;
  readonly raster: RasterFile;
}

export interface DescribeRequest {
  readonly language: Language;
  readonly style: DescriptionStyle;
  readonly raster: RasterFile;
}

/** Carries out tasks with whichever models can, and says which did. */
export class TaskCoordinator {
  readonly #router: Router;

  constructor(manager: ModelManager) {
    this.#router = new Router(manager);
  }

  /**
   * Streams a passage. Another model is tried only before the first token and only where the error allows it. A cancel
   * ends the stream with `finish: 'cancelled'`. Errors: task/no-route, model/*.
   */
  write({ context, modelId, sampling }: WriteRequest, signal: AbortSignal): AsyncGenerator<WriteEvent> {
    const request: RouteRequest = {
      capability: 'text_generation',
      language: context.language,
      chosen: modelId,
    };
    return this.#router.stream(
      request,
      signal,
      (lease, tried) => writeWith(lease, context, sampling, tried, signal),
      isText,
    );
  }

  /** Streams a title, characters, a plan, a summary, a translation or a new version. Errors: as those of `write`. */
  compose({ context, modelId, sampling }: ComposeRequest, signal: AbortSignal): AsyncGenerator<WriteEvent> {
    const request: RouteRequest = {
      capability: 'text_generation',
      language: context.language,
      chosen: modelId,
      suits: ({ manifest }) =>
        manifest.writing?.form === 'chat' &&
        (context.purpose !== 'translation' || manifest.languages.length > 1),
    };
    return this.#router.stream(
      request,
      signal,
      (lease, tried) => composeWith(lease, context, sampling, tried, signal),
      isText,
    );
  }

  /**
   * Ranks pictures for a passage, best first, each with the phrase and the text that fit. Where no model compares
   * meanings in the passage's language, shared words and names decide (`lexical-match`); then only pictures that share
   * something are returned. Errors: task/nothing-to-rank.
   */
  async rank(
    request: RankRequest,
    signal: AbortSignal,
  ): Promise<{ modelId: ModelId; ranking: RankedImage[] }> {
    const language = languageOf(request.passage, request.language);
    const phrases = phrasesOf(request.passage, language);
    const texts = [...new Set(request.candidates.flatMap(textsOf).map(({ text }) => text))];
    if (phrases.length === 0 || texts.length === 0) {
      throw new AppError('task/nothing-to-rank', 'No picture has a text to compare', {
        details: { pictures: request.candidates.length, phrases: phrases.length },
      });
    }
    const ranked = (similarity: Similarity) => rankByText(request.candidates, phrases, texts, similarity);
    try {
      const { modelId, result } = await this.#router.run(
        {
          capability: 'similarity_computation',
          language,
          chosen: null,
          // Texts are compared: an encoder of sentences does that better than one that was trained on pictures.
          reluctance: ({ manifest }) => Number(manifest.capabilities.image_encoding),
        },
        signal,
        ({ model }) => model.similarity({ left: { texts: phrases }, right: { texts } }, signal),
      );
      const ranking = ranked((phrase, text) => result[phrase]?.[text] ?? 0);
      return { modelId, ranking: ranking.slice(0, request.topK) };
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code !== 'task/no-route' && !error.allowsFallback) throw error;
    }
    const [phraseTerms, textTerms] = [phrases.map(termsOf), texts.map(termsOf)];
    const none: ReadonlySet<string> = new Set();
    const ranking = ranked((phrase, text) =>
      lexicalSimilarity(phraseTerms[phrase] ?? none, textTerms[text] ?? none),
    );
    return {
      modelId: lexicalMatchId,
      ranking: ranking.filter(({ score }) => score > 0).slice(0, request.topK),
    };
  }

  /** Answers a question about a picture. Errors: task/no-route, naming the models that see; image/*, model/*. */
  async answer(
    { language, question, raster }: AnswerRequest,
    signal: AbortSignal,
  ): Promise<{ modelId: ModelId; answer: string }> {
    const { modelId, result } = await this.#look(language, raster, signal, async ({ model }, picture) => {
      const [answer = ''] = await model.answerQuestion([picture], [question], signal);
      return answer.trim();
    });
    return { modelId, answer: result };
  }

  /** Describes a picture. Errors: as those of `answer`. */
  async describe(
    { language, style, raster }: DescribeRequest,
    signal: AbortSignal,
  ): Promise<{ modelId: ModelId; description: string }> {
    const { modelId, result } = await this.#look(language, raster, signal, (lease, picture) =>
      describeWith(lease, picture, { style, language }, signal),
    );
    return { modelId, description: result };
  }

  /** Does something with a picture on the first model that sees and can. */
  async #look<Result>(
    language: Language,
    raster: RasterFile,
    signal: AbortSignal,
    work: (lease: Lease, picture: Raster) => Promise<Result>,
  ): Promise<{ modelId: ModelId; result: Result }> {
    const request = { capability: 'question_answering', language, chosen: null } as const;
    this.#router.route(request);
    const picture = await readRaster(raster);
    return this.#router.run(request, signal, (lease) => work(lease, picture));
  }
}

const isText = ({ type }: WriteEvent): boolean => type === 'text';

/** The language a passage is really written in, as far as choosing a model for it goes. */
function languageOf(passage: string, told: Language): Language {
  const letters = passage.match(/\p{L}/gu)?.length ?? 0;
  const han = passage.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (letters === 0) return told;
  return han / letters > 0.3 ? 'zh' : 'en';
}
