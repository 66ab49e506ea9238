import { useMemo, useState } from 'react';
import { FileTrigger, ListBox, ListBoxItem, type Selection } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { AppDialog } from '../../../components/AppDialog.tsx';
import { Button } from '../../../components/Button.tsx';
import { TextField } from '../../../components/Field.tsx';
import { pictureUrl, useStoryStore } from '../../../stores/storyStore.ts';

export interface PictureDialogProps {
  onInsert(imageIds: readonly ImageId[]): void;
  onFiles(files: readonly File[]): void;
  onClose(): void;
}

const pictureTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];

const textOf = (image: StoryImage): string =>
  [image.originalName, image.caption.en, image.caption.zh, image.alt.en, image.alt.zh, ...image.tags]
    .join('\n')
    .toLocaleLowerCase();

/** Picks pictures of the story, or files of this computer, to stand in the text. */
export function PictureDialog({ onInsert, onFiles, onClose }: PictureDialogProps) {
  const { t, i18n } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const [search, setSearch] = useState('');
  const [selected, setSelected] = useState<ReadonlySet<ImageId>>(new Set());
  const images = useMemo(() => (story ? livePictures(story) : []), [story]);
  const wanted = search.trim().toLocaleLowerCase();
  const shown = wanted === '' ? images : images.filter((image) => textOf(image).includes(wanted));
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  const nameOf = (image: StoryImage) => image.caption[language] || image.alt[language] || image.originalName;

  const change = (keys: Selection) =>
    setSelected(new Set(keys === 'all' ? shown.map(({ id }) => id) : ([...keys] as ImageId[])));

  return (
    <AppDialog
      title={t('editor.pictureDialog.title')}
      size="wide"
      onClose={onClose}
      foot={
        <>
          <FileTrigger
            allowsMultiple
            acceptedFileTypes={pictureTypes}
            onSelect={(files) => files && files.length > 0 && onFiles(Array.from(files))}
          >
            <Button look="outline">{t('editor.pictureDialog.fromDisk')}</Button>
          </FileTrigger>
          <Button look="solid" isDisabled={selected.size === 0} onPress={() => onInsert([...selected])}>
            {selected.size > 1
              ? t('editor.pictureDialog.insertMany', { count: selected.size })
              : t('editor.pictureDialog.insert')}
          </Button>
        </>
      }
    >
      {images.length === 0 ? (
        <p>{t('editor.pictureDialog.none')}</p>
      ) : (
        <>
          <TextField
            label={t('editor.pictureDialog.search')}
            labelHidden
            placeholder={t('editor.pictureDialog.search')}
            value={search}
            onChange={setSearch}
            autoFocus
          />
          <ListBox
            className="sl-picture-grid"
            layout="grid"
            aria-label={t('editor.pictureDialog.list')}
            selectionMode="multiple"
            selectedKeys={selected as Iterable<ImageId>}
            onSelectionChange={change}
            items={shown}
            renderEmptyState={() => t('editor.pictureDialog.empty')}
          >
            {(image) => (
              <ListBoxItem id={image.id} textValue={nameOf(image)} className="sl-picture-item">
                <img src={pictureUrl(image.id, 'thumb')} alt="" loading="lazy" />
                <span>{nameOf(image)}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </>
      )}
    </AppDialog>
  );
}
