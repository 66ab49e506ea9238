import { Meter } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import styles from './MemoryMeter.module.css';

const tones = ['a', 'b', 'c', 'd'] as const;

export interface MemoryMeterProps {
  readonly models: readonly ModelEntry[];
  readonly budgetBytes: number;
}

/** What every loaded model holds, and what models may hold together. */
export function MemoryMeter({ models, budgetBytes }: MemoryMeterProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const holders = models.flatMap(({ manifest, status }, index) =>
    status.state === 'loaded'
      ? [
          {
            id: manifest.id,
            name: manifest.name[language] || manifest.id,
            bytes: status.residentBytes,
            tone: tones[index % tones.length],
          },
        ]
      : [],
  );
  const used = holders.reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = Math.max(used, budgetBytes);
  const total = t('models.memoryValue', { used: format.memory(used), budget: format.memory(budgetBytes) });
  const list = format.list(holders.map(({ name, bytes }) => `${name} ${format.memory(bytes)}`));
  return (
    <div className={styles.meter}>
      <Meter
        aria-label={t('models.memory')}
        value={used}
        maxValue={whole}
        valueLabel={`${total}: ${list === '' ? t('models.memoryNone') : list}`}
      >
        <div className={styles.line}>
          <span className={styles.title}>{t('models.memory')}</span>
          <span className={styles.value}>{total}</span>
        </div>
        <div className={styles.bar}>
          {holders.map(({ id, bytes, tone }) => (
            <span
              key={id}
              className={styles.part}
              data-tone={tone}
              style={{ width: `${String((bytes / whole) * 100)}%` }}
            />
          ))}
        </div>
      </Meter>
      <ul className={styles.legend}>
        {holders.map(({ id, name, bytes, tone }) => (
          <li key={id}>
            <span className={styles.swatch} data-tone={tone} aria-hidden />
            <span className={styles.name}>{name}</span>
            <span className={styles.value}>{format.memory(bytes)}</span>
          </li>
        ))}
        <li>
          <span className={styles.swatch} aria-hidden />
          <span className={styles.name}>
            {used > budgetBytes
              ? t('models.memoryOver', { size: format.memory(used - budgetBytes) })
              : t('models.memoryFree')}
          </span>
          {used <= budgetBytes && <span className={styles.value}>{format.memory(budgetBytes - used)}</span>}
        </li>
      </ul>
    </div>
  );
}
