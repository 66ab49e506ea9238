import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Job, JobItem } from '#shared/models/job.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { readFailures } from '../../stores/jobsStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Activity.module.css';
import { subjectsOf } from './proposalSubject.ts';
import { useSubjectName } from './useSubjectName.ts';

const shown = 50;

/** Which items of a job failed, and why. */
export function Failures({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => (state.story?.id === job.storyId ? state.story : null));
  const [items, setItems] = useState<readonly JobItem[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const { id, counts } = job;
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when another one has failed.
  useEffect(() => {
    readFailures(id, shown).then(setItems, (thrown: unknown) => setError(AppError.from(thrown)));
  }, [id, counts.failed]);
  const nameOfSubject = useSubjectName();
  const find = useMemo(() => (story ? subjectsOf(story, job.order) : null), [story, job.order]);
  const nameOf = (item: string) => {
    const subject = find?.(item);
    return subject ? nameOfSubject(subject) : item.slice(0, 12);
  };
  return (
    <>
      {error && <ErrorNote error={error} />}
      <ul className={styles.failures}>
        {items.map(({ item, error: why }) => (
          <li key={item}>
            <span className={styles.failedItem}>{nameOf(item)}</span>
            {why && (
              <span>
                {t(`errors.${why.code}.title`)}. {t(`errors.${why.code}.next`)}
              </span>
            )}
          </li>
        ))}
      </ul>
      {counts.failed > shown && <p className={styles.hint}>{t('activity.moreFailures', { count: shown })}</p>}
    </>
  );
}
