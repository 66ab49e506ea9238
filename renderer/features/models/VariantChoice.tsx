import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Precision } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { useFormat } from '../../i18n/format.ts';
import { FitLine, FitSum } from './FitLine.tsx';
import styles from './VariantChoice.module.css';
import { type ShownVariant, variantWord } from './variantWords.ts';

export interface VariantChoiceProps {
  readonly entry: ModelEntry;
  readonly among: readonly ShownVariant[];
  readonly value: Precision;
  onChange(precision: Precision): void;
}

/** Which version of a model: in plain words, with what each takes and whether it fits. */
export function VariantChoice({ entry, among, value, onChange }: VariantChoiceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest, suggested } = entry;
  const chosen = among.find(({ precision }) => precision === value);
  return (
    <div className={styles.choice}>
      {among.length > 1 && (
        <RadioGroup
          className={styles.group}
          value={value}
          onChange={(precision) => onChange(precision as Precision)}
        >
          <Label className={styles.label}>{t('models.variants.choose')}</Label>
          {among.map(({ precision, fit, variant, installed }) => {
            const word = variantWord(manifest, precision);
            const notes = [
              installed ? t('models.variants.here') : '',
              precision === suggested ? t('models.variants.suggested') : '',
            ].filter((note) => note !== '');
            return (
              <RadioField key={precision} value={precision}>
                <RadioButton className={styles.option}>
                  <span className={styles.dot} aria-hidden />
                  <span className={styles.words}>
                    <span>
                      <strong>{t(`models.variants.${word}`)}</strong> <code>{precision}</code>
                      {notes.length > 0 && ` · ${notes.join(' · ')}`}
                    </span>
                    <span className={styles.hint}>{t(`models.variants.${word}Hint`)}</span>
                  </span>
                  <span className={styles.size}>
                    {t('models.onDisk', { size: format.bytes(variant.diskBytes) })}
                    <FitLine fit={fit} />
                  </span>
                </RadioButton>
              </RadioField>
            );
          })}
        </RadioGroup>
      )}
      {chosen && (
        <div className={styles.sum} aria-live="polite">
          <FitLine fit={chosen.fit} />
          <FitSum fit={chosen.fit} estimated={chosen.variant.estimated} />
        </div>
      )}
    </div>
  );
}
