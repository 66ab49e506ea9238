import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImageId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { TaskErrorNote } from '../../components/TaskErrorNote.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { select } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Illustrate.module.css';
import { LookingLine } from './LookingLine.tsx';
import { useLooking } from './useLooking.ts';
import { useRankerNames } from './useRankerNames.ts';

const topK = 24;

/** The story's pictures by how much they look like one of them. */
export function SimilarDialog({ imageId, onClose }: { readonly imageId: ImageId; onClose(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const nameOf = useRankerNames();
  const images = useStoryStore((state) => state.story?.images);
  const looking = useLooking((sessionId, signal) =>
    client.tasks.similar({ sessionId, imageId, topK }, { signal }),
  );
  const { run, stop, result, error, isBusy } = looking;
  const begun = useRef(false);
  useEffect(() => {
    // Once for each dialog: looking at pictures is work.
    if (begun.current) return;
    begun.current = true;
    void run(null, { words: null, scene: null });
  }, [run]);
  const close = () => {
    stop();
    onClose();
  };
  const image = images?.[imageId];
  if (!image) return null;
  return (
    <AppDialog
      size="wide"
      title={t('illustrate.similarTo', { name: pictureName(image, language) })}
      onClose={close}
    >
      <p className={styles.explain}>{t('illustrate.similarExplain')}</p>
      <LookingLine looking={looking} />
      <span className={styles.by} role="status">
        {isBusy
          ? t('illustrate.running')
          : result && t('illustrate.looksBy', { model: nameOf(result.modelId) })}
      </span>
      {error && <TaskErrorNote error={error} />}
      {result?.similar.length === 0 && <EmptyState title={t('illustrate.noSimilar')} />}
      <ol className={styles.list}>
        {result?.similar.map(({ imageId: id, score }) => {
          const other = images[id];
          return (
            other && (
              <li key={id} className={styles.item}>
                <div className={styles.picture}>
                  <Thumb image={other} />
                </div>
                <div className={styles.why}>
                  <p className={styles.name}>{pictureName(other, language)}</p>
                  <p className={styles.score}>
                    {t('illustrate.likeness', {
                      score: format.number(score, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
                    })}
                  </p>
                </div>
                <Button
                  look="outline"
                  aria-label={`${t('pictures.details')}: ${pictureName(other, language)}`}
                  onPress={() => {
                    close();
                    select({ imageId: id });
                  }}
                >
                  {t('pictures.details')}
                </Button>
              </li>
            )
          );
        })}
      </ol>
    </AppDialog>
  );
}
