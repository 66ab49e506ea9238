import { EllipsisVertical } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ImageId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { type Action, ActionMenu } from '../../components/ActionMenu.tsx';
import { openSimilar } from '../../stores/appStore.ts';
import { attachPictures, deletePicture, setCover, setPortrait } from '../../stores/pictureActions.ts';
import { select, useSelection } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Pictures.module.css';

/** What can be done with a picture, "Add to…" included: the keyboard's way for every drag. */
export function PictureMenu({ imageId, name }: { readonly imageId: ImageId; readonly name: string }) {
  const { t } = useTranslation();
  const actions = (): (Action | 'separator')[] => {
    const { story } = useStoryStore.getState();
    const { sceneId } = useSelection.getState();
    if (!story) return [];
    const scenes = sceneOrder(story.outline).map((id) => ({
      id,
      label: story.scenes[id]?.title || t('app.untitled'),
      run: () => attachPictures({ kind: 'scene', id }, [imageId]),
    }));
    const characters = story.characterOrder.map((id) => ({
      id,
      label: story.characters[id]?.name || t('app.untitled'),
      run: () => attachPictures({ kind: 'character', id }, [imageId]),
    }));
    const portraits = story.characterOrder.map((id) => ({
      id,
      label: story.characters[id]?.name || t('app.untitled'),
      run: () => setPortrait(id, imageId),
    }));
    return [
      { id: 'details', label: t('pictures.details'), run: () => select({ imageId }) },
      { id: 'similar', label: t('illustrate.findSimilar'), run: () => openSimilar(imageId) },
      'separator',
      {
        id: 'here',
        label: t('pictures.addToCurrentScene'),
        isDisabled: sceneId === null,
        run: () => {
          if (sceneId !== null) attachPictures({ kind: 'scene', id: sceneId }, [imageId]);
        },
      },
      { id: 'scenes', label: `${t('pictures.addTo')} ${t('outline.kinds.scene')}`, items: scenes },
      { id: 'characters', label: `${t('pictures.addTo')} ${t('desk.tabs.character')}`, items: characters },
      { id: 'portrait', label: t('pictures.asPortrait'), items: portraits },
      { id: 'cover', label: t('pictures.asCover'), run: () => setCover(imageId) },
      'separator',
      { id: 'delete', label: t('pictures.delete'), isDanger: true, run: () => deletePicture(imageId) },
    ];
  };
  return (
    <ActionMenu label={t('pictures.menuFor', { name })} actions={actions()}>
      <AriaButton className={styles.cellMenu} aria-label={t('pictures.menuFor', { name })}>
        <EllipsisVertical size={14} aria-hidden />
      </AriaButton>
    </ActionMenu>
  );
}
