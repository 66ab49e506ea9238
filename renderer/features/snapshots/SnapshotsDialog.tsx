import { useCallback, useEffect, useState } from 'react';
import { Form, ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SnapshotInfo } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { useFormat } from '../../i18n/format.ts';
import { tell } from '../../stores/notices.ts';
import { flushStory, openStory, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Snapshots.module.css';
import { SnapshotView } from './SnapshotView.tsx';

/** Snapshots of the story: made, compared with now, brought back. */
export function SnapshotsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const [list, setList] = useState<readonly SnapshotInfo[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [error, setError] = useState<AppError | null>(null);

  const refresh = useCallback(async () => {
    try {
      const all = await client.snapshots.list({ sessionId: openStory().sessionId });
      setList(all.toSorted((a, b) => b.at.localeCompare(a.at)));
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  }, []);
  useEffect(() => {
    void refresh();
  }, [refresh]);

  const create = async () => {
    setError(null);
    try {
      await flushStory();
      const made = await client.snapshots.create({
        sessionId: openStory().sessionId,
        name: name.trim(),
        reason: 'manual',
      });
      setName('');
      tell(t('snapshots.created', { name: made.name || t('snapshots.unnamed') }));
      await refresh();
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };

  const shown = list?.find(({ id }) => id === chosen);
  return (
    <AppDialog size="full" title={t('snapshots.title')} onClose={onClose}>
      <p className={styles.explain}>{t('snapshots.explain')}</p>
      {error && <ErrorNote error={error} />}
      <div className={styles.layout}>
        <div className={styles.left}>
          {!isReadOnly && (
            <Form
              className={styles.create}
              onSubmit={(event) => {
                event.preventDefault();
                void create();
              }}
            >
              <TextField
                label={t('snapshots.name')}
                labelHidden
                placeholder={t('snapshots.namePlaceholder')}
                value={name}
                onChange={setName}
              />
              <Button type="submit" look="solid">
                {t('snapshots.create')}
              </Button>
            </Form>
          )}
          {list?.length === 0 && <EmptyState title={t('snapshots.empty')} />}
          {list !== null && list.length > 0 && (
            <ListBox
              aria-label={t('snapshots.title')}
              className={styles.list}
              items={list}
              selectionMode="single"
              disallowEmptySelection
              escapeKeyBehavior="none"
              selectedKeys={chosen === null ? [] : [chosen]}
              onSelectionChange={(keys) => setChosen(keys === 'all' ? null : String([...keys][0] ?? ''))}
            >
              {(info) => {
                const title = info.name || t(`snapshots.reasons.${info.reason}`);
                return (
                  <ListBoxItem id={info.id} textValue={title} className={styles.item}>
                    <span className={styles.itemTitle}>{title}</span>
                    <span className={styles.itemFacts}>
                      {format.dateTime(info.at)} · {t('app.words', { count: info.words })}
                    </span>
                  </ListBoxItem>
                );
              }}
            </ListBox>
          )}
        </div>
        <div className={styles.right}>
          {shown ? (
            <SnapshotView
              key={shown.id}
              info={shown}
              isReadOnly={isReadOnly}
              onRestored={() => void refresh()}
            />
          ) : (
            <EmptyState title={t('snapshots.choose')} />
          )}
        </div>
      </div>
    </AppDialog>
  );
}
