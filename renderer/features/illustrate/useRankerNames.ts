import { useTranslation } from 'react-i18next';
import { useModelNames } from '../../components/useModelNames.ts';

/** The engine's answer where no model that compares passages is installed. */
const wordMatching = 'lexical-match';

/** What people call the model that ranked, by its id. */
export function useRankerNames(): (modelId: string) => string {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  return (modelId) => (modelId === wordMatching ? t('illustrate.wordMatching') : nameOf(modelId));
}
