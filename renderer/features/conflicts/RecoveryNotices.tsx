import { useTranslation } from 'react-i18next';
import type { OpenNotice } from '#shared/contract/studio.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { dismissNotices, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Conflicts.module.css';

function NoticeLine({ notice }: { readonly notice: OpenNotice }) {
  const { t } = useTranslation();
  switch (notice.kind) {
    case 'recovered':
      return t('recovery.recovered', { count: notice.commands });
    case 'damaged-file':
    case 'missing-image':
    case 'found-file':
      return t(`recovery.${notice.kind}`, { file: notice.file });
    case 'manifest-rebuilt':
    case 'migrated':
      return t(`recovery.${notice.kind}`);
  }
}

/** What was noticed while opening, told once. */
export function RecoveryNotices({ onSnapshots }: { onSnapshots(): void }) {
  const { t } = useTranslation();
  const notices = useStoryStore((state) => state.notices);
  if (notices.length === 0) return null;
  const hasSnapshot = notices.some(({ kind }) => kind === 'recovered' || kind === 'migrated');
  return (
    <AppDialog
      title={t('recovery.title')}
      onClose={dismissNotices}
      foot={
        <>
          {hasSnapshot && (
            <Button
              onPress={() => {
                dismissNotices();
                onSnapshots();
              }}
            >
              {t('recovery.snapshots')}
            </Button>
          )}
          <Button look="solid" onPress={dismissNotices}>
            {t('recovery.understood')}
          </Button>
        </>
      }
    >
      <ul className={styles.notices}>
        {notices.map((notice) => (
          <li key={JSON.stringify(notice)}>
            <NoticeLine notice={notice} />
          </li>
        ))}
      </ul>
    </AppDialog>
  );
}
