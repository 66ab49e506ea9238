import { EllipsisVertical, ImagePlus } from 'lucide-react';
import { Button as AriaButton, FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PictureOwner } from '#shared/story/commands.ts';
import type { PictureUse } from '#shared/story/image.ts';
import { PictureRole } from '#shared/story/image.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import {
  detachPicture,
  importFiles,
  setCover,
  setPictureRole,
  setPortrait,
  usesOf,
} from '../../stores/pictureActions.ts';
import { select } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { type Action, ActionMenu } from '../ActionMenu.tsx';
import { IconButton } from '../Button.tsx';
import { SelectField } from '../Choice.tsx';
import { PictureDropZone } from './PictureDropZone.tsx';
import styles from './Pictures.module.css';
import { pictureName } from './pictureText.ts';
import { Thumb } from './Thumb.tsx';

export const pictureFileTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];

function GalleryPicture({ owner, use }: { readonly owner: PictureOwner; readonly use: PictureUse }) {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const image = useStoryStore((state) => state.story?.images[use.imageId]);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const inTrash = useStoryStore((state) =>
    state.story?.trash.some((entry) => entry.kind === 'image' && entry.id === use.imageId),
  );
  if (!image || inTrash) return null;
  const name = pictureName(image, language);
  const actions: (Action | 'separator')[] = [
    { id: 'details', label: t('pictures.details'), run: () => select({ imageId: image.id }) },
    ...(owner.kind === 'character'
      ? [{ id: 'portrait', label: t('pictures.asPortrait'), run: () => setPortrait(owner.id, image.id) }]
      : []),
    { id: 'cover', label: t('pictures.asCover'), run: () => setCover(image.id) },
    'separator',
    { id: 'detach', label: t('pictures.takeOut'), run: () => detachPicture(owner, image.id) },
  ];
  return (
    <li className={styles.tile}>
      <AriaButton
        className={styles.tileOpen}
        aria-label={t('pictures.open', { name })}
        onPress={() => select({ imageId: image.id })}
      >
        <Thumb image={image} isDecorative />
      </AriaButton>
      <div className={styles.tileFoot}>
        <SelectField
          small
          label={t('pictures.roleOf', { name })}
          labelHidden
          isDisabled={isReadOnly}
          value={use.role}
          onChange={(role) => setPictureRole(owner, image.id, role)}
          options={PictureRole.options.map((value) => ({ value, label: t(`pictures.roles.${value}`) }))}
        />
        {!isReadOnly && (
          <ActionMenu label={t('pictures.menuFor', { name })} actions={actions}>
            <IconButton
              small
              label={t('pictures.menuFor', { name })}
              icon={<EllipsisVertical size={14} aria-hidden />}
            />
          </ActionMenu>
        )}
      </div>
    </li>
  );
}

const none: readonly PictureUse[] = [];

/** The pictures of a scene or character with their roles; takes drops, pastes and picked files, and only ever adds. */
export function Gallery({ owner, dropLabel }: { readonly owner: PictureOwner; readonly dropLabel: string }) {
  const { t } = useTranslation();
  const uses = useStoryStore((state) => (state.story ? usesOf(state.story, owner) : none));
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  return (
    <section className={styles.gallery} aria-label={t('scene.pictures')}>
      <div className={styles.galleryHead}>
        <span className={styles.label}>{t('scene.pictures')}</span>
        {!isReadOnly && (
          <FileTrigger
            allowsMultiple
            acceptedFileTypes={pictureFileTypes}
            onSelect={(files) => {
              if (files) void importFiles([...files], owner);
            }}
          >
            <IconButton small label={t('pictures.add')} icon={<ImagePlus size={16} aria-hidden />} />
          </FileTrigger>
        )}
      </div>
      <PictureDropZone owner={owner} label={dropLabel} isDisabled={isReadOnly}>
        {uses.length === 0 ? (
          <p className={styles.dropHint}>{isReadOnly ? t('pictures.none') : t('pictures.drop')}</p>
        ) : (
          <ul className={styles.tiles}>
            {uses.map((use) => (
              <GalleryPicture key={use.imageId} owner={owner} use={use} />
            ))}
          </ul>
        )}
      </PictureDropZone>
    </section>
  );
}
