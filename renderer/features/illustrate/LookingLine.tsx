import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Progress } from '../../components/Progress.tsx';
import styles from './Illustrate.module.css';
import type { Looking } from './useLooking.ts';

/** How far looking at the pictures is, with a way to stop; what could not be read in the end. */
export function LookingLine({ looking }: { readonly looking: Looking<unknown> }) {
  const { t } = useTranslation();
  const { progress, isBusy } = looking;
  if (!progress) return null;
  const { done, total, failed } = progress;
  const label = t('illustrate.looking', { done, total });
  if (!isBusy)
    return failed > 0 ? <p className={styles.by}>{t('illustrate.notSeen', { count: failed })}</p> : null;
  return (
    <div className={styles.looking}>
      <div className={styles.lookingBar}>
        <span className={styles.by}>{label}</span>
        <Progress label={label} value={total === 0 ? 0 : done / total} />
      </div>
      <Button small look="outline" onPress={looking.stop}>
        {t('illustrate.stop')}
      </Button>
    </div>
  );
}
