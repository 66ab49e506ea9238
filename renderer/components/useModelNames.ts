import { useInterfaceLanguage } from '../i18n/useInterfaceLanguage.ts';
import { useApp } from '../stores/appStore.ts';

/** What people call a model, by its id; the id itself where it is not known here. */
export function useModelNames(): (modelId: string) => string {
  const language = useInterfaceLanguage();
  const models = useApp((app) => app.models);
  return (modelId) => {
    const name = models.find(({ manifest }) => manifest.id === modelId)?.manifest.name;
    return name?.[language] || name?.en || modelId;
  };
}
