import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { MetricsRange } from '#shared/models/metrics.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useApp } from '../../stores/appStore.ts';
import { tellError } from '../../stores/notices.ts';
import { FigurePlots } from './FigurePlots.tsx';
import { CacheFacts, FailureList, TaskTable } from './FigureTables.tsx';
import styles from './Monitoring.module.css';
import { useFigures } from './useFigures.ts';

/** What the models took on this machine: times, speed, memory, failures, and what is remembered. */
export function MonitoringDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const host = useApp((app) => app.info?.host);
  const [range, setRange] = useState<MetricsRange>('day');
  const { figures, error, ask } = useFigures(range);
  const [report, setReport] = useState<string | null>(null);
  const writeReport = () => {
    client.monitoring.report().then(
      ({ path }) => setReport(path),
      (thrown: unknown) => tellError(AppError.from(thrown)),
    );
  };
  const clearCache = () => {
    client.monitoring.clearCache().then(ask, (thrown: unknown) => tellError(AppError.from(thrown)));
  };
  return (
    <AppDialog size="full" title={t('monitoring.title')} onClose={onClose}>
      <div className={styles.page}>
        <p className={styles.explain}>{t('monitoring.explain')}</p>
        <div className={styles.bar}>
          <SelectField<MetricsRange>
            label={t('monitoring.range')}
            value={range}
            onChange={setRange}
            options={MetricsRange.options.map((value) => ({ value, label: t(`monitoring.ranges.${value}`) }))}
          />
          <Button look="outline" onPress={writeReport}>
            {t('monitoring.report')}
          </Button>
          {report !== null && (
            <p role="status" className={styles.report}>
              {t('monitoring.reportAt', { path: report })}
              {host === 'desktop' && (
                <Button
                  small
                  look="outline"
                  onPress={() => void client.projects.reveal({ path: report }).catch(() => undefined)}
                >
                  {t('monitoring.showReport')}
                </Button>
              )}
            </p>
          )}
        </div>
        {error && <ErrorNote error={error} />}
        {figures && (
          <>
            <p className={styles.now} role="status">
              {t('monitoring.now', {
                process: format.memory(figures.summary.now.processBytes),
                models: format.memory(figures.summary.now.modelBytes),
                running: format.number(figures.summary.now.running),
              })}
            </p>
            {figures.summary.tasks.length === 0 ? (
              <EmptyState title={t('monitoring.nothing')} hint={t('monitoring.nothingHint')} />
            ) : (
              <>
                <FigurePlots points={figures.points} range={range} />
                <section className={styles.part} aria-labelledby="monitoring-tasks">
                  <h3 id="monitoring-tasks">{t('monitoring.byTask')}</h3>
                  <TaskTable tasks={figures.summary.tasks} />
                </section>
              </>
            )}
            {figures.summary.failures.length > 0 && (
              <section className={styles.part} aria-labelledby="monitoring-failures">
                <h3 id="monitoring-failures">{t('monitoring.failures')}</h3>
                <FailureList failures={figures.summary.failures} />
              </section>
            )}
            <section className={styles.part} aria-labelledby="monitoring-cache">
              <h3 id="monitoring-cache">{t('monitoring.cache')}</h3>
              <p className={styles.explain}>{t('monitoring.cacheHint')}</p>
              <CacheFacts cache={figures.cache} />
              <div>
                <Button small look="outline" onPress={clearCache}>
                  {t('monitoring.clear')}
                </Button>
              </div>
            </section>
          </>
        )}
      </div>
    </AppDialog>
  );
}
