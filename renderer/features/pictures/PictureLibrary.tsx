import { GripVertical, ImagePlus, ScanEye } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  Button as AriaButton,
  FileTrigger,
  GridLayout,
  GridList,
  GridListItem,
  Size,
  useDragAndDrop,
  Virtualizer,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { ImageId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { Button } from '../../components/Button.tsx';
import { imageDragType } from '../../components/dragTypes.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { TextField } from '../../components/Field.tsx';
import { pictureFileTypes } from '../../components/pictures/Gallery.tsx';
import { PictureDropZone } from '../../components/pictures/PictureDropZone.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { openDialog } from '../../stores/appStore.ts';
import { importFiles } from '../../stores/pictureActions.ts';
import { select } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { matchesPicture } from './matchesPicture.ts';
import { PictureMenu } from './PictureMenu.tsx';
import styles from './Pictures.module.css';

const layoutOptions = {
  minItemSize: new Size(112, 124),
  maxItemSize: new Size(180, 180),
  minSpace: new Size(8, 8),
  preserveAspectRatio: false,
};

/** Every picture of the story: dropped in here, dragged out to scenes and characters, or sent there by menu. */
export function PictureLibrary() {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const pictures = useStoryStore(useShallow((state) => (state.story ? livePictures(state.story) : [])));
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const aiEnabled = useStoryStore((state) => state.story?.settings.aiEnabled ?? false);
  const [query, setQuery] = useState('');
  const shown = useMemo(() => pictures.filter((image) => matchesPicture(image, query)), [pictures, query]);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys].map((key) => ({
        [imageDragType]: String(key),
        'text/plain': pictures.find(({ id }) => id === key)?.originalName ?? '',
      })),
    getAllowedDropOperations: () => ['copy'],
  });

  return (
    <PictureDropZone owner={null} label={t('pictures.drop')} isDisabled={isReadOnly} fill>
      {pictures.length > 0 && (
        <div className={styles.search}>
          <TextField
            label={t('pictures.search')}
            labelHidden
            placeholder={t('pictures.search')}
            value={query}
            onChange={setQuery}
          />
        </div>
      )}
      {shown.length === 0 ? (
        <EmptyState
          title={t(pictures.length === 0 ? 'pictures.empty' : 'pictures.noMatch')}
          {...(pictures.length === 0 ? { hint: t('pictures.emptyHint') } : {})}
        />
      ) : (
        <Virtualizer layout={GridLayout} layoutOptions={layoutOptions}>
          <GridList
            aria-label={t('pictures.label')}
            className={styles.library}
            layout="grid"
            items={shown}
            selectionMode="none"
            onAction={(key) => select({ imageId: key as ImageId })}
            dependencies={[language]}
            {...(isReadOnly ? {} : { dragAndDropHooks })}
          >
            {(image) => {
              const name = pictureName(image, language);
              return (
                <GridListItem id={image.id} textValue={name} className={styles.cell}>
                  <span className={styles.cellPicture}>
                    <Thumb image={image} />
                  </span>
                  <span className={styles.cellFoot}>
                    {!isReadOnly && (
                      <AriaButton
                        slot="drag"
                        className={styles.cellMenu}
                        aria-label={t('outline.dragged', { title: name })}
                      >
                        <GripVertical size={12} aria-hidden />
                      </AriaButton>
                    )}
                    <span className={styles.cellName}>{name}</span>
                    {!isReadOnly && <PictureMenu imageId={image.id} name={name} />}
                  </span>
                </GridListItem>
              );
            }}
          </GridList>
        </Virtualizer>
      )}
      {!isReadOnly && (
        <div className={styles.foot}>
          <FileTrigger
            allowsMultiple
            acceptedFileTypes={pictureFileTypes}
            onSelect={(files) => {
              if (files) void importFiles([...files], null);
            }}
          >
            <Button small>
              <ImagePlus size={16} aria-hidden />
              {t('pictures.add')}
            </Button>
          </FileTrigger>
          <span className={styles.total}>{t('app.pictures', { count: pictures.length })}</span>
          {aiEnabled && pictures.length > 0 && (
            <Button small onPress={() => openDialog('describe-pictures')}>
              <ScanEye size={16} aria-hidden />
              {t('activity.describe.entry')}
            </Button>
          )}
        </div>
      )}
    </PictureDropZone>
  );
}
