import { useTranslation } from 'react-i18next';
import type { AppError } from '#shared/errors/AppError.ts';
import { useFormat } from '../i18n/format.ts';
import styles from './controls.module.css';
import { factLines } from './factLines.ts';

/** A failure in the writer's language: what happened, what to do next, and the facts that came with it. */
export function ErrorNote({ error }: { readonly error: AppError }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lines = factLines(error.details, (name, value) => t(`facts.${name}`, { value }), format.bytes);
  return (
    <div className={styles.error} role="alert">
      <p className={styles.errorTitle}>{t(`errors.${error.code}.title`)}</p>
      <p>{t(`errors.${error.code}.next`)}</p>
      {lines.length > 0 && (
        <ul className={styles.errorFacts}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
