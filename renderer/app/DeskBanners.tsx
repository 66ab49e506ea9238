import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { ConflictDialog } from '../features/conflicts/ConflictDialog.tsx';
import { RecoveryNotices } from '../features/conflicts/RecoveryNotices.tsx';
import { openDialog } from '../stores/appStore.ts';
import { useStoryStore } from '../stores/storyStore.ts';
import styles from './Desk.module.css';

/** What the writer has to know about the open story before going on. */
export function DeskBanners() {
  const { t } = useTranslation();
  const readOnly = useStoryStore((state) => state.readOnly);
  const conflicts = useStoryStore((state) => state.conflicts);
  const [isDeciding, setDeciding] = useState(false);
  const [first] = conflicts;
  return (
    <>
      {readOnly !== null && (
        <p className={styles.notice} role="status">
          {t(`desk.readOnly.${readOnly}`)}
        </p>
      )}
      {first && (
        <div className={`${styles.notice} ${styles.noticeDanger}`} role="alert">
          {t('conflict.waiting', { count: conflicts.length })}
          <span className={styles.noticeEnd}>
            <Button small look="outline" onPress={() => setDeciding(true)}>
              {t('conflict.decide')}
            </Button>
          </span>
        </div>
      )}
      {first && isDeciding && (
        <ConflictDialog
          key={`${first.sceneId}-${String(first.theirs.length)}`}
          conflict={first}
          onClose={() => setDeciding(false)}
        />
      )}
      <RecoveryNotices onSnapshots={() => openDialog('snapshots')} />
    </>
  );
}
