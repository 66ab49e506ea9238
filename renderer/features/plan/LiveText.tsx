import { useTranslation } from 'react-i18next';
import { useModelNames } from '../../components/useModelNames.ts';
import type { PlanStep } from '../../stores/planStore.ts';
import styles from './Plan.module.css';

/** A text as it is being written, or what it waits for. */
export function LiveText({ step, before = '' }: { readonly step: PlanStep; readonly before?: string }) {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const waiting =
    step.loading === null ? t('plan.thinking') : t('plan.loading', { model: nameOf(step.loading) });
  return (
    <div className={styles.live} aria-busy>
      {before}
      {step.text}
      {step.text === '' && <span className={styles.quiet}>{waiting}</span>}
      <span className={styles.caret} aria-hidden />
    </div>
  );
}
