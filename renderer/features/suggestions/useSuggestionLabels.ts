import { useTranslation } from 'react-i18next';
import type { SuggestionLabels } from '../../stores/suggestionDecide.ts';

/** Labels of the undo steps that come from suggestions. */
export function useSuggestionLabels(): SuggestionLabels {
  const { t } = useTranslation();
  return {
    accepted: t('suggestion.acceptedStep'),
    kept: t('suggestion.keptStep'),
    removed: t('suggestion.removedStep'),
    snapshot: t('suggestion.snapshotName'),
  };
}
