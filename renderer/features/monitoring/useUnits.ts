import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';

/** Words for times and speeds; a dash where there is nothing to tell. */
export function useUnits() {
  const { t } = useTranslation();
  const format = useFormat();
  return {
    time(ms: number | null): string {
      if (ms === null) return '–';
      return ms < 1000
        ? t('monitoring.ms', { n: format.number(ms, { maximumFractionDigits: ms < 10 ? 1 : 0 }) })
        : t('monitoring.s', { n: format.number(ms / 1000, { maximumFractionDigits: 1 }) });
    },
    speed(perSecond: number | null): string {
      return perSecond === null
        ? '–'
        : t('monitoring.perSecond', { n: format.number(perSecond, { maximumFractionDigits: 0 }) });
    },
  };
}
