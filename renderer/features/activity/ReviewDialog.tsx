import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Job, JobDecision, JobItem } from '#shared/models/job.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { decideProposals, readProposals } from '../../stores/jobsStore.ts';
import { tell } from '../../stores/notices.ts';
import { dispatch, openStory, undo, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Activity.module.css';
import { ProposedText } from './ProposedText.tsx';
import { planAcceptance } from './planAcceptance.ts';
import { subjectsOf } from './proposalSubject.ts';

/** More rows than anybody reads at once make the list slow; the rest comes as these are decided. */
const rowsAtOnce = 60;

interface Proposal {
  readonly item: string;
  readonly text: string;
  readonly modelId: string;
  readonly isCutOff: boolean;
}

const proposalOf = ({ item, outcome }: JobItem): Proposal[] =>
  outcome ? [{ isCutOff: false, item, ...outcome.value }] : [];

/** Proposals of a job, one row each: changed, taken over or dismissed, alone or all together as one step of undo. */
export function ReviewDialog({ job, onClose }: { readonly job: Job; onClose(): void }) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => (state.story?.id === job.storyId ? state.story : null));
  const { id: jobId, order, proposals: waiting } = job;
  const [proposals, setProposals] = useState<readonly Proposal[]>([]);
  const [isRead, setRead] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when another result has come.
  useEffect(() => {
    readProposals(jobId).then(
      (items) => {
        setRead(true);
        // What the writer has changed here stays as it is.
        setProposals((now) =>
          items.flatMap(proposalOf).map((fresh) => now.find(({ item }) => item === fresh.item) ?? fresh),
        );
      },
      (thrown: unknown) => setError(AppError.from(thrown)),
    );
  }, [jobId, waiting]);

  const settle = async (chosen: readonly Proposal[], decision: JobDecision) => {
    const settled = decision === 'accepted' ? chosen.filter(({ text }) => text.trim() !== '') : chosen;
    const items = new Set(settled.map(({ item }) => item));
    if (decision === 'accepted') {
      const { commands, count } = planAcceptance(openStory().story, order, settled);
      const label = t('activity.step', { count });
      if (commands.length > 0 && !dispatch(commands, { label })) return;
      if (count > 1) tell(t('activity.accepted', { count }), { label: t('desk.undo'), run: undo });
    }
    setProposals((now) => now.filter(({ item }) => !items.has(item)));
    await decideProposals(jobId, [...items], decision);
  };
  const find = story && subjectsOf(story, order);
  const present = find ? proposals.filter(({ item }) => find(item)) : [];
  return (
    <AppDialog
      size="wide"
      title={t('activity.reviewTitle')}
      onClose={onClose}
      foot={
        present.length > 0 ? (
          <>
            <Button onPress={() => void settle(proposals, 'dismissed')}>{t('activity.dismissAll')}</Button>
            <Button look="solid" onPress={() => void settle(present, 'accepted')}>
              {t('activity.acceptAll', { count: present.length })}
            </Button>
          </>
        ) : (
          <Button look="solid" onPress={onClose}>
            {t('app.close')}
          </Button>
        )
      }
    >
      <p className={styles.explain}>{t('activity.reviewHint')}</p>
      {order.kind === 'summarise-scenes' && <p className={styles.explain}>{t('activity.summaryUse')}</p>}
      {error && <ErrorNote error={error} />}
      {isRead && present.length === 0 && <EmptyState title={t('activity.reviewed')} />}
      <ul className={styles.list}>
        {present.slice(0, rowsAtOnce).map((proposal) => {
          const subject = find?.(proposal.item);
          return (
            subject && (
              <li key={proposal.item}>
                <ProposedText
                  subject={subject}
                  isCutOff={proposal.isCutOff}
                  text={proposal.text}
                  modelId={proposal.modelId}
                  onChange={(text) =>
                    setProposals((now) =>
                      now.map((one) => (one.item === proposal.item ? { ...one, text } : one)),
                    )
                  }
                  onAccept={() => void settle([proposal], 'accepted')}
                  onDismiss={() => void settle([proposal], 'dismissed')}
                />
              </li>
            )
          );
        })}
      </ul>
    </AppDialog>
  );
}
