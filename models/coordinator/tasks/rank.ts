import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered, Routing, Tried } from '#shared/models/routing.ts';
import type { RankCandidate, RankedImage } from '#shared/models/task.ts';
import type { Language } from '#shared/story/scene.ts';
import { lexicalMatchId, lexicalSimilarity, termsOf } from '../lexicalMatch.ts';
import { phrasesOf } from '../phrases.ts';
import type { Router } from '../Router.ts';
import { rankByText, type Similarity, textsOf } from '../rankByText.ts';

export interface RankRequest {
  readonly passage: string;
  readonly language: Language;
  readonly candidates: readonly RankCandidate[];
  readonly topK: number;
  readonly routing: Routing;
}

export interface Ranking {
  readonly modelId: ModelId;
  readonly answered: Answered;
  readonly ranking: RankedImage[];
}

/**
 * Ranks pictures for a passage, best first, each with the phrase and the text that fit. Where no model compares meanings in
 * the passage's language, shared words and names decide (`lexical-match`); then only pictures that share something are
 * returned. Errors: task/nothing-to-rank.
 */
export async function rank(router: Router, request: RankRequest, signal: AbortSignal): Promise<Ranking> {
  const language = languageOf(request.passage, request.language);
  const phrases = phrasesOf(request.passage, language);
  const texts = [...new Set(request.candidates.flatMap(textsOf).map(({ text }) => text))];
  if (phrases.length === 0 || texts.length === 0) {
    throw new AppError('task/nothing-to-rank', 'No picture has a text to compare', {
      details: { pictures: request.candidates.length, phrases: phrases.length },
    });
  }
  const ranked = (similarity: Similarity) => rankByText(request.candidates, phrases, texts, similarity);
  const tried: Tried[] = [];
  try {
    const { answered, result } = await router.run(
      { task: 'rank', capability: 'similarity_computation', language, routing: request.routing },
      signal,
      ({ model }) => model.similarity({ left: { texts: phrases }, right: { texts } }, signal),
      { tried },
    );
    const ranking = ranked((phrase, text) => result[phrase]?.[text] ?? 0);
    return { modelId: answered.modelId, answered, ranking: ranking.slice(0, request.topK) };
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
    answered: byWords(tried),
    ranking: ranking.filter(({ score }) => score > 0).slice(0, request.topK),
  };
}

const byWords = (tried: Tried[]): Answered => ({
  modelId: lexicalMatchId,
  revision: '',
  precision: null,
  device: 'cpu',
  tried,
  reasons: [{ kind: 'only' }],
  cached: false,
});

/** The language a passage is really written in, as far as choosing a model for it goes. */
function languageOf(passage: string, told: Language): Language {
  const letters = passage.match(/\p{L}/gu)?.length ?? 0;
  const han = passage.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (letters === 0) return told;
  return han / letters > 0.3 ? 'zh' : 'en';
}
