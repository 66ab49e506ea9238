import { useTranslation } from 'react-i18next';
import type { ModelState } from '#shared/models/modelState.ts';
import { Progress } from '../../components/Progress.tsx';
import { useFormat } from '../../i18n/format.ts';
import styles from './Models.module.css';

type Installing = Extract<ModelState, { state: 'installing' }>;

/** How far an installation is: the phase, the bytes, the speed, what is left. Only the phase is announced. */
export function InstallProgress({ status }: { readonly status: Installing }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { phase, progress, receivedBytes, totalBytes, bytesPerSecond, remainingSeconds } = status;
  const facts =
    phase === 'download'
      ? [
          totalBytes === null
            ? format.bytes(receivedBytes)
            : t('models.received', {
                received: format.bytes(receivedBytes),
                total: format.bytes(totalBytes),
              }),
          ...(bytesPerSecond === null ? [] : [t('models.speed', { speed: format.bytes(bytesPerSecond) })]),
          ...(remainingSeconds === null
            ? []
            : [t('models.left', { time: format.duration(remainingSeconds) })]),
        ]
      : [format.number(progress, { style: 'percent' })];
  return (
    <div className={styles.progress}>
      <p>
        <span role="status">{t(`models.phase.${phase}`)}</span>
        <span className={styles.numbers}>{facts.join(' · ')}</span>
      </p>
      <Progress label={t(`models.phase.${phase}`)} value={progress} />
    </div>
  );
}
