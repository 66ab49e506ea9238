import type { TFunction } from 'i18next';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Language } from '#shared/story/scene.ts';

/** The engine's answer where no model that compares passages is installed. */
const wordMatching = 'lexical-match';

/** What people call the model that ranked. */
export function modelName(
  modelId: string,
  models: readonly ModelEntry[],
  language: Language,
  t: TFunction,
): string {
  if (modelId === wordMatching) return t('illustrate.wordMatching');
  return models.find(({ manifest }) => manifest.id === modelId)?.manifest.name[language] ?? modelId;
}
