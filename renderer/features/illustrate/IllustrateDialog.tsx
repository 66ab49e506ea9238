import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RankedImage } from '#shared/models/task.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { TaskErrorNote } from '../../components/TaskErrorNote.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { attachPictures } from '../../stores/pictureActions.ts';
import { useSelection } from '../../stores/selectionStore.ts';
import { openStory, useStoryStore } from '../../stores/storyStore.ts';
import { EvidenceLine } from './EvidenceLine.tsx';
import styles from './Illustrate.module.css';
import { LookingLine } from './LookingLine.tsx';
import { useLooking } from './useLooking.ts';
import { useRankerNames } from './useRankerNames.ts';

const topK = 24;

function Ranked({ ranked, sceneId }: { readonly ranked: RankedImage; readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const image = useStoryStore((state) => state.story?.images[ranked.imageId]);
  const isThere = useStoryStore((state) =>
    state.story?.scenes[sceneId]?.pictures.some(({ imageId }) => imageId === ranked.imageId),
  );
  if (!image) return null;
  const score = format.number(ranked.score, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (
    <li className={styles.item}>
      <div className={styles.picture}>
        <Thumb image={image} />
      </div>
      <div className={styles.why}>
        <p className={styles.name}>{pictureName(image, language)}</p>
        <p className={styles.score}>{t('illustrate.score', { score })}</p>
        {ranked.evidence.map((evidence) => (
          <EvidenceLine key={evidence.kind} evidence={evidence} />
        ))}
      </div>
      <Button
        look="outline"
        isDisabled={isThere === true}
        aria-label={`${t('illustrate.add')}: ${pictureName(image, language)}`}
        onPress={() => attachPictures({ kind: 'scene', id: sceneId }, [image.id])}
      >
        {t(isThere ? 'illustrate.there' : 'illustrate.add')}
      </Button>
    </li>
  );
}

/** Ranks the story's pictures for the open scene or the selected passage, and says why each fits. */
export function IllustrateDialog({ sceneId, onClose }: { readonly sceneId: SceneId; onClose(): void }) {
  const { t } = useTranslation();
  const passage = useSelection((selection) =>
    selection.text?.sceneId === sceneId ? selection.text.text.trim() : '',
  );
  const nameOf = useRankerNames();
  const hasPictures = useStoryStore((state) => state.story !== null && livePictures(state.story).length > 0);
  const [about, setAbout] = useState<'scene' | 'passage'>(passage === '' ? 'scene' : 'passage');
  const looking = useLooking((sessionId, signal) =>
    client.tasks.illustrate(
      {
        sessionId,
        sceneId,
        passage: about === 'passage' ? passage : null,
        pool: livePictures(openStory().story).map(({ id }) => id),
        topK,
      },
      { signal },
    ),
  );
  const { result, error, isBusy } = looking;
  const rank = () =>
    looking.run(
      livePictures(openStory().story).map(({ id }) => id),
      { words: null, scene: { sceneId, passage: about === 'passage' ? passage : null } },
    );
  const close = () => {
    looking.stop();
    onClose();
  };

  return (
    <AppDialog size="wide" title={t('illustrate.title')} onClose={close}>
      <p className={styles.explain}>{t('illustrate.explain')}</p>
      {hasPictures ? (
        <div className={styles.ask}>
          {passage !== '' && (
            <SelectField<'scene' | 'passage'>
              label={t('illustrate.title')}
              labelHidden
              value={about}
              onChange={setAbout}
              options={[
                { value: 'passage', label: t('illustrate.forSelection') },
                { value: 'scene', label: t('illustrate.forScene') },
              ]}
            />
          )}
          <Button look="solid" onPress={() => void rank()}>
            {t(isBusy ? 'illustrate.running' : 'illustrate.run')}
          </Button>
          <span className={styles.by} role="status">
            {result && t('illustrate.by', { model: nameOf(result.modelId) })}
          </span>
        </div>
      ) : (
        <EmptyState title={t('illustrate.noPictures')} />
      )}
      <LookingLine looking={looking} />
      {result && (
        <p className={styles.by}>
          {result.lookedBy
            ? t('illustrate.looksBy', { model: nameOf(result.lookedBy.modelId) })
            : t('illustrate.noEyes')}
        </p>
      )}
      {error && <TaskErrorNote error={error} />}
      {result && (
        <ol className={styles.list}>
          {result.ranking.map((ranked) => (
            <Ranked key={ranked.imageId} ranked={ranked} sceneId={sceneId} />
          ))}
        </ol>
      )}
    </AppDialog>
  );
}
