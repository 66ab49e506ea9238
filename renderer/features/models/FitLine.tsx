import { CircleAlert, CircleCheck, CircleDot } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FitVerdict } from '#shared/models/modelState.ts';
import { useFormat } from '../../i18n/format.ts';
import styles from './Models.module.css';
import { fitWord } from './variantWords.ts';

const marks = { fits: CircleCheck, tight: CircleDot, 'too-big': CircleAlert };

/** Whether it fits, in a few words. */
export function FitLine({ fit }: { readonly fit: FitVerdict }) {
  const { t } = useTranslation();
  const Mark = marks[fit.verdict];
  return (
    <span className={styles.fit} data-fit={fit.verdict}>
      <Mark size={14} aria-hidden />
      {t(`models.fit.${fitWord(fit)}`)}
    </span>
  );
}

export interface FitSumProps {
  readonly fit: FitVerdict;
  readonly estimated: boolean;
  /** With what would help where it is a bad one. */
  readonly withRemedy?: boolean;
}

/** How the verdict comes about. */
export function FitSum({ fit, estimated, withRemedy = true }: FitSumProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const needs = [
    ['weights', fit.weightsBytes],
    ['cache', fit.cacheBytes],
    ['working', fit.workingBytes],
  ] as const;
  const parts = needs
    .filter(([, bytes]) => bytes > 0)
    .map(([part, bytes]) => t(`models.parts.${part}`, { size: format.memory(bytes) }));
  const needed = format.memory(fit.neededBytes);
  const word = fitWord(fit);
  return (
    <>
      <p>
        {t('models.sum', {
          needed: estimated ? t('models.about', { size: needed }) : needed,
          parts: parts.join(' + '),
          free: format.memory(fit.freeBytes),
          budget: format.memory(fit.budgetBytes),
        })}
      </p>
      {estimated && <p>{t('models.estimated')}</p>}
      {withRemedy &&
        (word === 'over-budget' || word === 'over-free-memory' || word === 'tensor-too-large') && (
          <p>{t(`models.remedy.${word}`)}</p>
        )}
    </>
  );
}
