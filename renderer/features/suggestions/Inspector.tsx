import { useTranslation } from 'react-i18next';
import type { PromptReport } from '#shared/models/task.ts';
import { AppDialog } from '../../components/AppDialog.tsx';

export interface InspectorProps {
  readonly report: PromptReport;
  readonly seed: number;
  onClose(): void;
}

/** Exactly what a model was given: every part with its cost, what did not fit, and the prompt to the letter. */
export function Inspector({ report, seed, onClose }: InspectorProps) {
  const { t } = useTranslation();
  return (
    <AppDialog title={t('suggestion.inspectorTitle')} size="wide" onClose={onClose}>
      <dl className="sl-facts">
        <dt>{t('suggestion.inspectorModel')}</dt>
        <dd>{report.modelId}</dd>
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
