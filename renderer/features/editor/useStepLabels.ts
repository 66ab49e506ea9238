import { useTranslation } from 'react-i18next';
import type { SuggestionLabels } from '../../stores/suggestionDecide.ts';

const prefixes = [
  ['input.type.figure', 'figure'],
  ['move.figure', 'moveFigure'],
  ['delete.figure', 'removeFigure'],
  ['input.format', 'format'],
  ['input.paste', 'paste'],
  ['input.replace', 'replace'],
  ['input.type', 'typing'],
  ['input', 'typing'],
  ['delete', 'deleting'],
] as const;

/** Names of the editor's undo steps in the language of the interface. */
export function useStepLabels() {
  const { t } = useTranslation();
  const labelOf = (event: string): string => {
    const known = prefixes.find(([prefix]) => event === prefix || event.startsWith(`${prefix}.`));
    return t(`editor.steps.${known?.[1] ?? 'edit'}`);
  };
  const suggestionLabels: SuggestionLabels = {
    accepted: t('suggestion.acceptedStep'),
    kept: t('suggestion.keptStep'),
    removed: t('suggestion.removedStep'),
    snapshot: t('suggestion.snapshotName'),
  };
  return { labelOf, suggestionLabels };
}
