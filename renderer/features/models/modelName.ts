import type { ModelManifest } from '#shared/models/manifest.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';

/** Names models in the language of the interface. */
export function useModelName(): (manifest: Pick<ModelManifest, 'id' | 'name'>) => string {
  const language = useInterfaceLanguage();
  return ({ id, name }) => name[language] || name.en || id;
}
