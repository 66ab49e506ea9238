import { useTranslation } from 'react-i18next';
import type { ModelId } from '#shared/models/manifest.ts';
import type { ModelState } from '#shared/models/modelState.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWritingSpeed } from '../../stores/writingSpeed.ts';
import { useDeviceName } from './deviceName.ts';
import styles from './Models.module.css';

export interface LoadedLineProps {
  readonly modelId: ModelId;
  readonly status: Extract<ModelState, { state: 'loaded' }>;
}

/** What a loaded model holds, where it runs and why there, and how fast it writes. */
export function LoadedLine({ modelId, status }: LoadedLineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const device = useDeviceName()(status.device);
  const seen = useWritingSpeed(({ latest }) => (latest?.modelId === modelId ? latest : null));
  const speed = seen?.isRunning ? seen.tokensPerSecond : status.tokensPerSecond;
  const rate = speed === null ? null : format.number(speed, { maximumFractionDigits: speed < 10 ? 1 : 0 });
  return (
    <p className={styles.running}>
      <span>
        {t('models.resident', { memory: format.memory(status.residentBytes), device })}
        {status.cpuReason !== '' && ` · ${t('models.cpuReason')}`}
      </span>
      {rate !== null && (
        <span className={styles.numbers}>
          {t(seen?.isRunning ? 'models.writing' : 'models.lastSpeed', { rate })}
        </span>
      )}
    </p>
  );
}
