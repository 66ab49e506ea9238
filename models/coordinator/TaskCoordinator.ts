import { AppError } from '#shared/errors/AppError.ts';
import type { Capability } from '#shared/models/capability.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { RankCandidate, RankedImage, Tried, WriteContext, WriteEvent } from '#shared/models/task.ts';
import type { Language } from '#shared/story/scene.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { Lease, ModelManager } from '../manager/ModelManager.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { readRaster } from '../preprocessing/readRaster.ts';
import { describeWith } from './describeWith.ts';
import { lexicalMatchId, lexicalSimilarity, termsOf } from './lexicalMatch.ts';
import { phrasesOf } from './phrases.ts';
import { installHints, planRoute, type RouteRequest } from './planRoute.ts';
import { rankByText, textsOf } from './rankByText.ts';
import { type WantedSampling, writeWith } from './writeWith.ts';

export interface WriteRequest {
  readonly context: WriteContext;
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
  readonly #manager: ModelManager;

  constructor(manager: ModelManager) {
    this.#manager = manager;
  }

  /**
   * Streams a passage. Another model is tried only before the first token and only where the error allows it. A cancel
   * ends the stream with `finish: 'cancelled'`. Errors: task/no-route, model/*.
   */
  async *write(
    { context, modelId, sampling }: WriteRequest,
    signal: AbortSignal,
  ): AsyncGenerator<WriteEvent> {
    const request: RouteRequest = {
      capability: 'text_generation',
      language: context.language,
      chosen: modelId,
    };
    const route = this.#route(request);
    const tried: Tried[] = [];
    for (const [index, id] of route.entries()) {
      let begun = false;
      try {
        if (!this.#isLoaded(id)) yield { type: 'loading', modelId: id };
        using lease = await this.#manager.acquire(id, signal);
        for await (const event of writeWith(lease, context, sampling, tried, signal)) {
          begun ||= event.type === 'text';
          yield event;
        }
        return;
      } catch (thrown) {
        const error = signal.aborted ? new AppError('task/cancelled', 'Cancelled') : AppError.from(thrown);
        if (begun || !error.allowsFallback || index === route.length - 1) throw error;
        tried.push({ modelId: id, code: error.code });
      }
    }
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
    const entries = this.#manager.list();
    const route = planRoute(entries, {
      capability: 'similarity_computation',
      language,
      chosen: null,
    });
    // Texts are compared: an encoder of sentences does that better than one that was trained on pictures.
    const seeing = new Set(
      entries
        .filter(({ manifest }) => manifest.capabilities.image_encoding)
        .map(({ manifest }) => manifest.id),
    );
    const looks = (id: ModelId) => Number(seeing.has(id));
    for (const id of route.toSorted((a, b) => looks(a) - looks(b))) {
      try {
        using lease = await this.#manager.acquire(id, signal);
        const scores = await lease.model.similarity({ left: { texts: phrases }, right: { texts } }, signal);
        const ranking = rankByText(
          request.candidates,
          phrases,
          texts,
          (phrase, text) => scores[phrase]?.[text] ?? 0,
        );
        return { modelId: id, ranking: ranking.slice(0, request.topK) };
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
        if (!error.allowsFallback) throw error;
      }
    }
    const [phraseTerms, textTerms] = [phrases.map(termsOf), texts.map(termsOf)];
    const none: ReadonlySet<string> = new Set();
    const ranking = rankByText(request.candidates, phrases, texts, (phrase, text) =>
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
  async #look<T>(
    language: Language,
    raster: RasterFile,
    signal: AbortSignal,
    work: (lease: Lease, picture: Raster) => Promise<T>,
  ): Promise<{ modelId: ModelId; result: T }> {
    const request = { capability: 'question_answering', language, chosen: null } as const;
    const route = this.#route(request);
    const picture = await readRaster(raster);
    for (const [index, modelId] of route.entries()) {
      try {
        using lease = await this.#manager.acquire(modelId, signal);
        return { modelId, result: await work(lease, picture) };
      } catch (thrown) {
        if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
        const error = AppError.from(thrown);
        if (!error.allowsFallback || index === route.length - 1) throw error;
      }
    }
    throw this.#noRoute(request);
  }

  #route(request: RouteRequest): ModelId[] {
    const route = planRoute(this.#manager.list(), request);
    if (route.length === 0) throw this.#noRoute(request);
    return route;
  }

  #noRoute({ capability, language }: { capability: Capability; language: Language }): AppError {
    const install = installHints(this.#manager.list(), { capability, language });
    return new AppError('task/no-route', `No installed model has ${capability} for ${language}`, {
      details: { capability, language, install },
    });
  }

  #isLoaded(id: ModelId): boolean {
    return this.#manager
      .list()
      .some(({ manifest, status }) => manifest.id === id && status.state === 'loaded');
  }
}

/** The language a passage is really written in, as far as choosing a model for it goes. */
function languageOf(passage: string, told: Language): Language {
  const letters = passage.match(/\p{L}/gu)?.length ?? 0;
  const han = passage.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (letters === 0) return told;
  return han / letters > 0.3 ? 'zh' : 'en';
}
