import { useTranslation } from 'react-i18next';
import type { RankEvidence } from '#shared/models/task.ts';
import { useFormat } from '../../i18n/format.ts';
import styles from './Illustrate.module.css';

/** What speaks for a picture, with how much. */
export function EvidenceLine({ evidence }: { readonly evidence: RankEvidence }) {
  const { t } = useTranslation();
  const format = useFormat();
  const strength = format.number(evidence.strength, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const score = format.number(evidence.score, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const measure = `${score} · ${t('illustrate.strength', { strength: `${strength} σ` })}`;
  return (
    <div>
      {evidence.kind === 'looks' ? (
        <p className={styles.phrase}>{t('illustrate.looksLike', { phrase: evidence.phrase })}</p>
      ) : (
        <>
          <p>
            {t('illustrate.matched', {
              field: t(`illustrate.fields.${evidence.matched.field}`),
              text: evidence.matched.text,
            })}
          </p>
          <p className={styles.phrase}>{t('illustrate.phrase', { phrase: evidence.phrase })}</p>
        </>
      )}
      <p className={styles.score}>{measure}</p>
    </div>
  );
}
