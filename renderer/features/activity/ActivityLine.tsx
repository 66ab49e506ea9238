import { ListChecks } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../api/connection.ts';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import { openDialog } from '../../stores/appStore.ts';
import { followJobs, useJobs } from '../../stores/jobsStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Activity.module.css';
import { summarise } from './arrangeJobs.ts';

/** Says in the status bar what goes on and what waits for the writer; opens the activity panel. */
export function ActivityLine() {
  const { t } = useTranslation();
  const format = useFormat();
  const sessionId = useStoryStore((state) => state.opened?.sessionId);
  const storyId = useStoryStore((state) => state.story?.id ?? null);
  const connection = useConnection(({ opened }) => opened);
  const jobs = useJobs((state) => state.jobs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection has no watch yet.
  useEffect(() => (sessionId === undefined ? undefined : followJobs(sessionId)), [sessionId, connection]);
  if (jobs.length === 0) return null;
  const { unfinished, progress, held, proposals } = summarise(jobs, storyId);
  const parts = [
    ...(unfinished > 0
      ? [t('activity.jobs', { count: unfinished, percent: format.number(progress, { style: 'percent' }) })]
      : []),
    ...(held > 0 ? [t('activity.attention', { count: held })] : []),
    ...(proposals > 0 ? [t('activity.proposals', { count: proposals })] : []),
  ];
  const text = parts.length > 0 ? format.list(parts) : t('activity.title');
  return (
    <Button small aria-label={t('activity.open', { text })} onPress={() => openDialog('activity')}>
      <ListChecks size={14} aria-hidden />
      {text}
      {unfinished > 0 && (
        <span className={styles.miniature} aria-hidden>
          <span style={{ width: `${String(Math.round(progress * 100))}%` }} />
        </span>
      )}
    </Button>
  );
}
