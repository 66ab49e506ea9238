import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetricsPoint, MetricsRange } from '#shared/models/metrics.ts';
import { useFormat } from '../../i18n/format.ts';
import styles from './Monitoring.module.css';
import { Plot } from './Plot.tsx';
import { useUnits } from './useUnits.ts';

/** Times, speed, memory and load over the range. */
export function FigurePlots({
  points,
  range,
}: {
  readonly points: readonly MetricsPoint[];
  readonly range: MetricsRange;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const units = useUnits();
  const locale = i18n.language;
  // biome-ignore lint/correctness/useExhaustiveDependencies: formatters are new each time and say the same.
  const wishes = useMemo(() => {
    const isShort = range === 'hour' || range === 'day';
    const clock = new Intl.DateTimeFormat(
      locale,
      isShort ? { hour: '2-digit', minute: '2-digit' } : { month: 'short', day: 'numeric' },
    );
    const times = points.map(({ at }) => Date.parse(at) / 1000);
    const formatTime = (seconds: number) => clock.format(new Date(seconds * 1000));
    const valuesOf = (pick: (point: MetricsPoint) => number | null) => points.map(pick);
    const common = { times, locale, formatTime };
    return {
      latency: {
        ...common,
        format: units.time,
        lines: [
          { label: t('monitoring.p50'), values: valuesOf(({ p50Ms }) => p50Ms) },
          { label: t('monitoring.p95'), values: valuesOf(({ p95Ms }) => p95Ms) },
        ],
      },
      speed: {
        ...common,
        format: (value: number) => format.number(value),
        lines: [{ label: t('monitoring.speed'), values: valuesOf(({ tokensPerSecond }) => tokensPerSecond) }],
      },
      memory: {
        ...common,
        format: format.memory,
        lines: [
          { label: t('monitoring.process'), values: valuesOf(({ processBytes }) => processBytes) },
          { label: t('monitoring.models'), values: valuesOf(({ modelBytes }) => modelBytes) },
        ],
      },
      load: {
        ...common,
        format: (value: number) => format.number(value, { maximumFractionDigits: 1 }),
        lines: [
          { label: t('monitoring.runs'), values: valuesOf(({ runs }) => runs) },
          { label: t('monitoring.atOnce'), values: valuesOf(({ running }) => running) },
        ],
      },
    };
  }, [points, range, locale]);
  const last = points.findLast(({ runs }) => runs > 0) ?? null;
  return (
    <div className={styles.plots}>
      <Plot
        title={t('monitoring.latency')}
        spoken={`${t('monitoring.p50')} ${units.time(last?.p50Ms ?? null)}, ${t('monitoring.p95')} ${units.time(last?.p95Ms ?? null)}`}
        wish={wishes.latency}
      />
      <Plot
        title={t('monitoring.speed')}
        spoken={units.speed(last?.tokensPerSecond ?? null)}
        wish={wishes.speed}
      />
      <Plot
        title={t('monitoring.memory')}
        spoken={`${t('monitoring.process')} ${format.memory(last?.processBytes ?? 0)}`}
        wish={wishes.memory}
      />
      <Plot
        title={t('monitoring.load')}
        spoken={`${t('monitoring.runs')} ${format.number(points.reduce((sum, { runs }) => sum + runs, 0))}`}
        wish={wishes.load}
      />
    </div>
  );
}
