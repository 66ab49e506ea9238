import { useTranslation } from 'react-i18next';
import type { CacheSummary, TaskHits } from '#shared/models/cache.ts';
import type { MetricsSummary } from '#shared/models/metrics.ts';
import { TaskKind } from '#shared/models/routing.ts';
import { useModelNames } from '../../components/useModelNames.ts';
import { useFormat } from '../../i18n/format.ts';
import styles from './Monitoring.module.css';
import { useUnits } from './useUnits.ts';

function useNames() {
  const { t } = useTranslation();
  const model = useModelNames();
  return {
    model,
    task(name: string) {
      const kind = TaskKind.safeParse(name);
      if (kind.success) return t(`preferences.tasks.${kind.data}`);
      return name === 'converse' ? t('preferences.tasks.answer') : name;
    },
  };
}

/** What each model took for each kind of task. */
export function TaskTable({ tasks }: Pick<MetricsSummary, 'tasks'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const units = useUnits();
  const name = useNames();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('monitoring.model')}</th>
            <th scope="col">{t('monitoring.task')}</th>
            <th scope="col">{t('monitoring.runs')}</th>
            <th scope="col">{t('monitoring.remembered')}</th>
            <th scope="col">{t('monitoring.stopped')}</th>
            <th scope="col">{t('monitoring.failed')}</th>
            <th scope="col">{t('monitoring.p50')}</th>
            <th scope="col">{t('monitoring.p95')}</th>
            <th scope="col">{t('monitoring.firstWord')}</th>
            <th scope="col">{t('monitoring.speed')}</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map(({ modelId, task, outcomes, p50Ms, p95Ms, firstTokenMs, tokensPerSecond }) => (
            <tr key={`${modelId} ${task}`}>
              <th scope="row">{name.model(modelId)}</th>
              <td>{name.task(task)}</td>
              <td>{format.number(outcomes.done)}</td>
              <td>{format.number(outcomes.cached)}</td>
              <td>{format.number(outcomes.cancelled)}</td>
              <td>{format.number(outcomes.failed)}</td>
              <td>{units.time(p50Ms)}</td>
              <td>{units.time(p95Ms)}</td>
              <td>{units.time(firstTokenMs)}</td>
              <td>{units.speed(tokensPerSecond)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Failures by their reason. */
export function FailureList({ failures }: Pick<MetricsSummary, 'failures'>) {
  const { t } = useTranslation();
  const name = useNames();
  return (
    <ul className={styles.failures}>
      {failures.map(({ code, modelId, count }) => (
        <li key={`${code} ${modelId}`}>
          {t('monitoring.failure', { count, model: name.model(modelId) })} <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}

const rateOf = ({ hits, misses }: TaskHits): number => (hits + misses === 0 ? 0 : hits / (hits + misses));

/** What is remembered, and how often that helped. */
export function CacheFacts({ cache: { answers, vectors } }: { readonly cache: CacheSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useNames();
  return (
    <>
      <p>
        {t('monitoring.answersKept', {
          count: answers.entries,
          size: format.memory(answers.bytes),
          most: format.memory(answers.maxBytes),
        })}
      </p>
      <p>
        {t('monitoring.vectorsKept', {
          pictures: format.number(vectors.pictures),
          texts: format.number(vectors.texts),
          size: format.memory(vectors.bytes),
          most: format.memory(vectors.maxBytes),
        })}
      </p>
      {answers.tasks.length > 0 && (
        <ul className={styles.failures}>
          {answers.tasks.map((task) => (
            <li key={task.task}>
              {t('monitoring.hitRate', {
                task: name.task(task.task),
                rate: format.number(rateOf(task), { style: 'percent' }),
                hits: format.number(task.hits),
                asked: format.number(task.hits + task.misses),
              })}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
