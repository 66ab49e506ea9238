import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered, Routing, Tried } from '#shared/models/routing.ts';
import type { RankCandidate, RankEvidence, RankedImage } from '#shared/models/task.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import type { VectorStore } from '../../cache/VectorStore.ts';
import { dot } from '../../runtime/vectors.ts';
import { lexicalMatchId, lexicalSimilarity, termsOf } from '../lexicalMatch.ts';
import { phrasesOf } from '../phrases.ts';
import { aboveChance } from '../pictures/aboveChance.ts';
import { Encoding } from '../pictures/Encoding.ts';
import { encoderRequest } from '../pictures/encoders.ts';
import { fuseEvidence } from '../pictures/fuseEvidence.ts';
import { languageOf } from '../pictures/languageOf.ts';
import { lookEvidence } from '../pictures/lookEvidence.ts';
import { plainPhrases } from '../pictures/plainPhrases.ts';
import { textEvidence, textsOf } from '../pictures/textEvidence.ts';
import type { Router } from '../Router.ts';

export interface RankRequest {
  readonly passage: string;
  readonly language: Language;
  readonly candidates: readonly RankCandidate[];
  readonly topK: number;
  readonly routing: Routing;
  /** Whose vectors of the pictures to use; `null` where only texts are compared. */
  readonly encoder: ModelId | null;
}

export interface Ranking {
  readonly modelId: ModelId;
  readonly answered: Answered;
  /** Who compared the pictures' looks; `null` where none did. */
  readonly lookedBy: Answered | null;
  readonly ranking: RankedImage[];
}

/** One kind of evidence, and who found it. */
interface Found {
  readonly answered: Answered;
  readonly evidence: ReadonlyMap<ImageId, RankEvidence>;
}

/** A similarity of words at which they say as much as one standard deviation of a model's. */
const lexicalUnit = 0.12;

/**
 * Ranks pictures for a passage, best first, each with what speaks for it: the phrase that it looks like, as far as it has
 * a vector of the encoder, and the phrase and the text that fit. Where no model compares texts in the passage's language,
 * shared words and names count (`lexical-match`); pictures that nothing speaks for are left out.
 * Errors: task/nothing-to-rank.
 */
export async function rank(
  router: Router,
  vectors: VectorStore,
  request: RankRequest,
  signal: AbortSignal,
): Promise<Ranking> {
  const language = languageOf(request.passage, request.language);
  const phrases = phrasesOf(request.passage, language);
  const texts = [...new Set(request.candidates.flatMap(textsOf).map(({ text }) => text))];
  const images = [...new Set(request.candidates.map(({ imageId }) => imageId))];
  const nothing = new AppError('task/nothing-to-rank', 'No picture has a text or a vector to compare', {
    details: { pictures: images.length, phrases: phrases.length },
  });
  if (phrases.length === 0) throw nothing;
  const asked = { ...request, language, phrases, texts };
  const tried: Tried[] = [];
  const looks = await rankLooks(router, vectors, asked, signal);
  if (texts.length === 0 && !looks) throw nothing;
  const words =
    texts.length === 0
      ? null
      : ((await rankTexts(router, vectors, asked, tried, signal)) ?? rankWords(asked, tried));
  const kinds = [looks, words].flatMap((found) => found?.evidence ?? []);
  const answered = (words?.evidence.size ? words : looks)?.answered ?? words?.answered;
  if (!answered) throw nothing;
  return {
    modelId: answered.modelId,
    answered,
    lookedBy: looks?.answered ?? null,
    ranking: fuseEvidence(images, kinds).slice(0, request.topK),
  };
}

interface Asked extends RankRequest {
  readonly phrases: readonly string[];
  readonly texts: readonly string[];
}

/** What the pictures look like; `null` without an encoder, or where it cannot be asked. */
async function rankLooks(
  router: Router,
  vectors: VectorStore,
  { encoder, language, routing, candidates, phrases }: Asked,
  signal: AbortSignal,
): Promise<Found | null> {
  if (encoder === null) return null;
  try {
    const { answered, result } = await router.run(
      encoderRequest(language, routing, encoder),
      signal,
      async (lease, told) => {
        const encoding = new Encoding(lease, vectors, told);
        const pictures = encoding.ofPictures(candidates.map(({ imageId }) => imageId));
        if (pictures.size === 0) return null;
        return lookEvidence(phrases, {
          pictures,
          phrases: await encoding.ofTexts(phrases, signal, { remembered: false }),
          plain: await encoding.ofTexts(plainPhrases[language], signal, { remembered: true }),
        });
      },
    );
    return result && { answered, evidence: result };
  } catch (thrown) {
    return nullOr(thrown);
  }
}

/** What a model makes of the pictures' texts; `null` where none of the language can be asked. */
async function rankTexts(
  router: Router,
  vectors: VectorStore,
  { language, routing, candidates, phrases, texts }: Asked,
  tried: Tried[],
  signal: AbortSignal,
): Promise<Found | null> {
  try {
    const { answered, result } = await router.run(
      { task: 'rank', capability: 'similarity_computation', language, routing },
      signal,
      async (lease, told) => {
        const encoding = new Encoding(lease, vectors, told);
        return {
          texts: await encoding.ofTexts(texts, signal, { remembered: true }),
          phrases: await encoding.ofTexts(phrases, signal, { remembered: false }),
          plain: await encoding.ofTexts(plainPhrases[language], signal, { remembered: true }),
        };
      },
      { tried },
    );
    const none = new Float32Array();
    const evidence = textEvidence(candidates, phrases, texts, {
      similarity: (phrase, text) => dot(result.phrases[phrase] ?? none, result.texts[text] ?? none),
      strength: aboveChance(
        result.plain.map((plain) => Float32Array.from(result.texts, (text) => dot(plain, text))),
      ),
    });
    return { answered, evidence };
  } catch (thrown) {
    return nullOr(thrown);
  }
}

/** Words and names that a passage and the pictures' texts share. */
function rankWords({ candidates, phrases, texts }: Asked, tried: Tried[]): Found {
  const [phraseTerms, textTerms] = [phrases.map(termsOf), texts.map(termsOf)];
  const none: ReadonlySet<string> = new Set();
  const evidence = textEvidence(candidates, phrases, texts, {
    similarity: (phrase, text) => lexicalSimilarity(phraseTerms[phrase] ?? none, textTerms[text] ?? none),
    strength: (similarity) => similarity / lexicalUnit,
  });
  for (const [id, { score }] of evidence) if (score <= 0) evidence.delete(id);
  return { answered: byWords(tried), evidence };
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

/** Other evidence will do where a model cannot be had; throws what another would not change. */
function nullOr(thrown: unknown): null {
  const error = AppError.from(thrown);
  if (error.code !== 'task/no-route' && !error.allowsFallback) throw error;
  return null;
}
