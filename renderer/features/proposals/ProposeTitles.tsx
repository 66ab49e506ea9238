import { useTranslation } from 'react-i18next';
import { titlesOf } from '#shared/text/proposals/proposals.ts';
import { Button } from '../../components/Button.tsx';
import { dispatch } from '../../stores/storyStore.ts';
import styles from './Proposals.module.css';
import { ProposeDialog } from './ProposeDialog.tsx';
import { useProposals } from './useProposals.ts';

/** Titles to choose one from. */
export function ProposeTitles({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const proposals = useProposals('title');
  const titles = titlesOf(proposals.answer);
  const use = (title: string) => {
    const command = { kind: 'story.update' as const, patch: { title } };
    if (dispatch([command], { label: t('proposals.titleStep') })) onClose();
  };
  return (
    <ProposeDialog
      title={t('proposals.titleTitles')}
      proposals={proposals}
      isEmpty={titles.length === 0}
      onClose={onClose}
    >
      <ul className={styles.list}>
        {titles.map((title) => (
          <li key={title} className={styles.row}>
            <span className={styles.name}>{title}</span>
            <Button
              small
              look="outline"
              isDisabled={proposals.isRunning}
              aria-label={t('proposals.useOf', { title })}
              onPress={() => use(title)}
            >
              {t('proposals.use')}
            </Button>
          </li>
        ))}
      </ul>
    </ProposeDialog>
  );
}
