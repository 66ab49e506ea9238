import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Language } from '#shared/story/scene.ts';
import type { DraftPurpose } from '../../stores/suggestionStore.ts';

/** The models that write text. */
export const writersOf = (models: readonly ModelEntry[]): ModelEntry[] =>
  models.filter(({ manifest }) => manifest.capabilities.text_generation);

/** Those that can do it: whoever makes something of a text must follow instructions, a translator speaks two languages. */
export const writersFor = (writers: readonly ModelEntry[], purpose: DraftPurpose): ModelEntry[] =>
  writers.filter(
    ({ manifest }) =>
      purpose === 'write' ||
      (manifest.writing?.form === 'chat' && (purpose !== 'translation' || manifest.languages.length > 1)),
  );

export const isInstalled = ({ status }: ModelEntry): boolean =>
  status.state === 'installed' || status.state === 'loading' || status.state === 'loaded';

export const writes = ({ manifest }: ModelEntry, language: Language): boolean =>
  manifest.languages.includes(language);

/** Installed ones first, among them those that write the scene's language. */
export const orderWriters = (writers: readonly ModelEntry[], language: Language): ModelEntry[] => {
  const rank = (entry: ModelEntry) => (isInstalled(entry) ? 0 : 2) + (writes(entry, language) ? 0 : 1);
  return writers.toSorted((a, b) => rank(a) - rank(b));
};
