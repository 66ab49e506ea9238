import type { ModelId } from '#shared/models/modelId.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Routing } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';
import { planRoute, type RouteRequest } from '../planRoute.ts';

/** Whether a model brings pictures and texts into one space. */
const encodesBoth = ({ manifest: { capabilities } }: ModelEntry): boolean =>
  capabilities.image_encoding && capabilities.text_encoding && capabilities.similarity_computation;

/** Models that may compare pictures with phrases of a language; only the named one where there is one. */
export const encoderRequest = (
  language: Language,
  routing: Routing,
  encoder: ModelId | null = null,
): RouteRequest => ({
  task: 'rank',
  capability: 'image_encoding',
  language,
  routing: encoder === null ? routing : { ...routing, chosen: encoder },
  suits: (entry) => encodesBoth(entry) && (encoder === null || entry.manifest.id === encoder),
});

/**
 * The model whose picture vectors to use: of the language; where `words` do not matter any other will do. `null` where no
 * such model is installed.
 */
export function planEncoder(
  entries: readonly ModelEntry[],
  language: Language,
  routing: Routing,
  words: boolean,
): ModelId | null {
  const languages = words
    ? [language]
    : [language, ...Language.options.filter((other) => other !== language)];
  for (const one of languages) {
    const [first] = planRoute(entries, encoderRequest(one, routing));
    if (first !== undefined) return first;
  }
  return null;
}
