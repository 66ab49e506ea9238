import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, JobId } from '#shared/models/job.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useJobs } from '../../stores/jobsStore.ts';
import styles from './Activity.module.css';
import { arrangeJobs } from './arrangeJobs.ts';
import { JobCard } from './JobCard.tsx';
import { ReviewDialog } from './ReviewDialog.tsx';

/** What goes on in the background, what came of it, and what waits for the writer. */
export function ActivityDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const jobs = useJobs((state) => state.jobs);
  const [reviewing, setReviewing] = useState<JobId | null>(null);
  const reviewed: Job | undefined = jobs.find(({ id }) => id === reviewing);
  return (
    <AppDialog size="wide" title={t('activity.title')} onClose={onClose}>
      <p className={styles.explain}>{t('activity.explain')}</p>
      {jobs.length === 0 ? (
        <EmptyState title={t('activity.empty')} hint={t('activity.emptyHint')} />
      ) : (
        <ul className={styles.list} aria-label={t('activity.list')}>
          {arrangeJobs(jobs).map((job) => (
            <li key={job.id}>
              <JobCard job={job} onReview={({ id }) => setReviewing(id)} />
            </li>
          ))}
        </ul>
      )}
      {reviewed && <ReviewDialog job={reviewed} onClose={() => setReviewing(null)} />}
    </AppDialog>
  );
}
