import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SnapshotInfo } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { WordDiff } from '../../components/WordDiff.tsx';
import { tell } from '../../stores/notices.ts';
import { dispatch, flushStory, loadTexts, openStory, undo, useStoryStore } from '../../stores/storyStore.ts';
import { changedScenes } from './changedScenes.ts';
import styles from './Snapshots.module.css';

export interface SnapshotViewProps {
  readonly info: SnapshotInfo;
  readonly isReadOnly: boolean;
  onRestored(): void;
}

/** What has changed since a snapshot, scene by scene, and the way back. */
export function SnapshotView({ info, isReadOnly, onRestored }: SnapshotViewProps) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const [past, setPast] = useState<Story | null>(null);
  const [chosen, setChosen] = useState<SceneId | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      try {
        const { sessionId, story: now } = openStory();
        await flushStory();
        const [then] = await Promise.all([
          client.snapshots.read({ sessionId, snapshotId: info.id }),
          loadTexts(sceneOrder(now.outline)),
        ]);
        if (isCurrent) setPast(then);
      } catch (thrown) {
        if (isCurrent) setError(AppError.from(thrown));
      }
    };
    void read();
    return () => {
      isCurrent = false;
    };
  }, [info.id]);

  const changes = useMemo(() => (past && story ? changedScenes(past, story) : []), [past, story]);
  const shown = changes.find(({ id }) => id === chosen) ?? changes[0];

  const restore = async (sceneIds: SceneId[] | null) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await flushStory();
      const { commands } = await client.snapshots.planRestore({
        sessionId: openStory().sessionId,
        snapshotId: info.id,
        sceneIds,
      });
      const name = info.name || t(`snapshots.reasons.${info.reason}`);
      if (commands.length > 0 && !dispatch(commands, { label: t('step.restoreSnapshot', { name }) })) return;
      tell(t('snapshots.restored'), { label: t('desk.undo'), run: undo });
      onRestored();
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };

  if (error) return <ErrorNote error={error} />;
  if (!past || !story) return <p>{t('app.loading')}</p>;
  return (
    <>
      <div className={styles.viewHead}>
        <h3>{t('snapshots.changes')}</h3>
        {!isReadOnly && (
          <Button look="outline" onPress={() => void restore(null)}>
            {t('snapshots.restoreAll')}
          </Button>
        )}
      </div>
      {!shown ? (
        <p>{t('snapshots.same')}</p>
      ) : (
        <>
          <div className={styles.viewHead}>
            <SelectField
              label={t('snapshots.sceneList')}
              labelHidden
              value={shown.id}
              onChange={(id) => setChosen(id as SceneId)}
              options={changes.map(({ id, title, kind }) => ({
                value: id as string,
                label:
                  kind === 'changed'
                    ? title || t('app.untitled')
                    : `${title || t('app.untitled')} (${t(kind === 'added' ? 'snapshots.sceneAdded' : 'snapshots.sceneRemoved')})`,
              }))}
            />
            {!isReadOnly && shown.kind !== 'added' && (
              <Button look="outline" onPress={() => void restore([shown.id])}>
                {t('snapshots.restoreScene')}
              </Button>
            )}
          </div>
          <WordDiff before={shown.before} after={shown.after} language={shown.language} />
        </>
      )}
    </>
  );
}
