import { useTranslation } from 'react-i18next';
import type { Answered } from '#shared/models/routing.ts';
import type { PromptReport } from '#shared/models/task.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { tell } from '../../stores/notices.ts';
import { replay } from '../../stores/suggestionRun.ts';
import { type Draft, isRunning } from '../../stores/suggestionStore.ts';
import { receiptOf } from './receiptOf.ts';

export interface InspectorProps {
  readonly draft: Draft;
  readonly report: PromptReport;
  onClose(): void;
}

const placeOf = ({ revision, precision, device }: Answered): string[] => [
  revision.slice(0, 12),
  precision ?? '',
  device,
];

/** Exactly what a model was given: every part with its cost, what did not fit, and the prompt to the letter. */
export function Inspector({ draft, report, onClose }: InspectorProps) {
  const { t } = useTranslation();
  const { seed, result } = draft;
  const copy = () => {
    navigator.clipboard.writeText(receiptOf(draft, report)).then(
      () => tell(t('suggestion.receiptCopied')),
      () => undefined,
    );
  };
  return (
    <AppDialog
      title={t('suggestion.inspectorTitle')}
      size="wide"
      onClose={onClose}
      foot={
        !isRunning(draft) && (
          <>
            <Button onPress={copy}>{t('suggestion.receipt')}</Button>
            <Button
              look="outline"
              onPress={() => {
                replay(draft);
                onClose();
              }}
            >
              {t('suggestion.replay')}
            </Button>
          </>
        )
      }
    >
      <dl className="sl-facts">
        <dt>{t('suggestion.inspectorModel')}</dt>
        <dd>
          {[report.modelId, ...(result ? placeOf(result.answered) : [])]
            .filter((part) => part !== '')
            .join(' · ')}
        </dd>
        <dt>{t('suggestion.inspectorSeed')}</dt>
        <dd>{seed}</dd>
        <dt>{t('suggestion.inspectorCost')}</dt>
        <dd>{t('suggestion.inspectorTokens', { used: report.promptTokens, limit: report.contextTokens })}</dd>
      </dl>
      <table className="sl-parts">
        <caption className="visually-hidden">{t('suggestion.inspectorParts')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('suggestion.inspectorPart')}</th>
            <th scope="col">{t('suggestion.inspectorCost')}</th>
            <th scope="col">{t('suggestion.inspectorSent')}</th>
            <th scope="col">{t('suggestion.inspectorText')}</th>
          </tr>
        </thead>
        <tbody>
          {report.parts.map(({ name, label, text, tokens, sent }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes.
            <tr key={index} data-sent={sent}>
              <th scope="row">
                {t(`suggestion.parts.${name}`)}
                {label !== '' && label !== name && `: ${label}`}
              </th>
              <td>{tokens}</td>
              <td>{t(`suggestion.sent.${sent}`)}</td>
              <td>
                <div className="sl-part-text">{text}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t('suggestion.inspectorPrompt')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region has to be reachable by key. */}
      <pre className="sl-prompt" tabIndex={0}>
        {report.prompt}
      </pre>
    </AppDialog>
  );
}
