import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { ImageId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { Button } from '../../components/Button.tsx';
import { openCharacter, openScene, select } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './PictureDialog.module.css';

/** Scenes and characters that a picture hangs with, as ways to get there. */
export function PictureUses({ imageId }: { readonly imageId: ImageId }) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const sceneIds = useStoryStore(
    useShallow((state) =>
      state.story
        ? sceneOrder(state.story.outline).filter((id) => {
            const scene = state.story?.scenes[id];
            return scene?.pictures.some((use) => use.imageId === imageId);
          })
        : [],
    ),
  );
  const characterIds = useStoryStore(
    useShallow((state) =>
      (state.story?.characterOrder ?? []).filter((id) => {
        const character = state.story?.characters[id];
        return character?.portrait === imageId || character?.pictures.some((use) => use.imageId === imageId);
      }),
    ),
  );
  if (!story) return null;
  const places = [
    ...sceneIds.map((id) => ({ id, name: story.scenes[id]?.title, open: () => openScene(id) })),
    ...characterIds.map((id) => ({ id, name: story.characters[id]?.name, open: () => openCharacter(id) })),
  ];
  const isUnused = places.length === 0 && story.cover !== imageId;
  return (
    <section aria-label={t('pictures.usedIn')}>
      <p className={styles.legend}>{t('pictures.usedIn')}</p>
      {isUnused && <p className={styles.hint}>{t('pictures.notUsed')}</p>}
      <ul className={styles.uses}>
        {story.cover === imageId && <li>{t('pictures.isCoverOf')}</li>}
        {places.map(({ id, name, open }) => (
          <li key={id}>
            <Button
              small
              look="outline"
              onPress={() => {
                select({ imageId: null });
                open();
              }}
            >
              {name || t('app.untitled')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
