import { Pause, Play, RotateCw, Trash2, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Job } from '#shared/models/job.ts';
import { Button } from '../../components/Button.tsx';
import { Progress } from '../../components/Progress.tsx';
import { TaskErrorNote } from '../../components/TaskErrorNote.tsx';
import { useFormat } from '../../i18n/format.ts';
import { changeJob, type JobAction } from '../../stores/jobsStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Activity.module.css';
import { Failures } from './Failures.tsx';
import { useJobTitle } from './useJobTitle.ts';

const icons = { pause: Pause, resume: Play, cancel: X, retry: RotateCw, remove: Trash2 } as const;

/** What can be done with a job now. */
function actionsOf({ state, counts }: Job): JobAction[] {
  const retry: JobAction[] = counts.failed > 0 ? ['retry'] : [];
  switch (state) {
    case 'running':
    case 'waiting':
      return [...retry, 'pause', 'cancel'];
    case 'paused':
      return [...retry, 'resume', 'cancel'];
    case 'done':
    case 'cancelled':
      return [...retry, 'remove'];
  }
}

function StateLine({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts, remainingMs, endedAt, heldBy } = job;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = [
    heldBy === 'project/closed'
      ? t('activity.waitsForStory', { title: job.storyTitle })
      : t(`activity.states.${job.state}`),
    t('activity.doneOf', { done: counts.done, total }),
    ...(counts.failed > 0 ? [t('activity.failed', { count: counts.failed })] : []),
    ...(remainingMs !== null && job.state === 'running'
      ? [t('activity.timeLeft', { time: format.duration(remainingMs / 1000) })]
      : []),
    ...(endedAt === null ? [] : [format.ago(endedAt)]),
  ];
  return <p className={styles.state}>{parts.join(' · ')}</p>;
}

/** Why a job stands still, and where to do something about it. */
function Held({ job }: { readonly job: Job }) {
  if (job.state !== 'paused' || job.heldBy === null) return null;
  return <TaskErrorNote error={new AppError(job.heldBy, 'The job stands still')} />;
}

/** One job: how far it is, what went wrong, what it proposes, and what can be done with it. */
export function JobCard({ job, onReview }: { readonly job: Job; onReview(job: Job): void }) {
  const { t } = useTranslation();
  const titleId = useId();
  const title = useJobTitle()(job);
  const isHere = useStoryStore((state) => state.story?.id === job.storyId);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const [showsFailures, setShowsFailures] = useState(false);
  return (
    <article className={styles.card} aria-labelledby={titleId}>
      <div className={styles.cardHead}>
        <h3 id={titleId}>{title}</h3>
        {!isHere && <span className={styles.hint}>{t('activity.inStory', { title: job.storyTitle })}</span>}
      </div>
      <StateLine job={job} />
      {job.endedAt === null && (
        <Progress label={t('activity.progress', { job: title })} value={job.progress} />
      )}
      <Held job={job} />
      {job.proposals > 0 && !isHere && (
        <p>{t('activity.openToReview', { count: job.proposals, title: job.storyTitle })}</p>
      )}
      <div className={styles.actions}>
        {job.proposals > 0 && isHere && !isReadOnly && (
          <Button small look="solid" onPress={() => onReview(job)}>
            {t('activity.review', { count: job.proposals })}
          </Button>
        )}
        {actionsOf(job).map((action) => {
          const Icon = icons[action];
          return (
            <Button
              key={action}
              small
              look="outline"
              aria-label={`${t(`activity.${action}`)}: ${title}`}
              onPress={() => void changeJob(job.id, action)}
            >
              <Icon size={14} aria-hidden />
              {t(`activity.${action}`)}
            </Button>
          );
        })}
        {job.counts.failed > 0 && (
          <Button small aria-expanded={showsFailures} onPress={() => setShowsFailures((shows) => !shows)}>
            {t('activity.showFailures')}
          </Button>
        )}
      </div>
      {job.endedAt !== null && job.proposals > 0 && <p className={styles.hint}>{t('activity.removeHint')}</p>}
      {showsFailures && job.counts.failed > 0 && <Failures job={job} />}
    </article>
  );
}
