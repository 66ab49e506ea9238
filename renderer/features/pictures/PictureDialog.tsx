import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CommandOf } from '#shared/story/commands.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { LocalizedText, StoryImage } from '#shared/story/image.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { Language } from '#shared/story/scene.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { TagField } from '../../components/TagField.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { deletePicture, setCover } from '../../stores/pictureActions.ts';
import { select } from '../../stores/selectionStore.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import { AskPicture } from './AskPicture.tsx';
import styles from './PictureDialog.module.css';
import { PictureUses } from './PictureUses.tsx';

interface TextsProps {
  readonly image: StoryImage;
  readonly field: 'caption' | 'alt';
  readonly isReadOnly: boolean;
  onChange(texts: LocalizedText): void;
}

/** One kind of text about a picture, in both languages of stories. */
function Texts({ image, field, isReadOnly, onChange }: TextsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.texts}>
      <legend className={styles.legend}>{t(`pictures.${field}`)}</legend>
      <p className={styles.hint}>{t(`pictures.${field}Hint`)}</p>
      <div className={styles.two}>
        {Language.options.map((language) => (
          <TextField
            key={language}
            label={t(language === 'en' ? 'pictures.inEnglish' : 'pictures.inChinese')}
            multiline
            ofStory
            isReadOnly={isReadOnly}
            value={image[field][language]}
            onChange={(text) => onChange({ ...image[field], [language]: text })}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** A picture at large, with everything that is known about it. */
export function PictureDialog({ imageId }: { readonly imageId: ImageId }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const story = useStoryStore((state) => state.story);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const image = story?.images[imageId];
  if (!story || !image) return null;

  const close = () => select({ imageId: null });
  const all = livePictures(story).map(({ id }) => id);
  const at = all.indexOf(imageId);
  const step = (by: number) => select({ imageId: all[(at + by + all.length) % all.length] ?? imageId });
  const change = (patch: CommandOf<'image.update'>['patch'], field: string) =>
    dispatch([{ kind: 'image.update', id: imageId, patch }], {
      label: t('step.pictureDetails'),
      merge: `image:${imageId}:${field}`,
    });

  return (
    <AppDialog
      size="full"
      title={t('pictures.detailsOf', { name: pictureName(image, language) })}
      onClose={close}
      foot={
        <>
          {all.length > 1 && (
            <span className={styles.steps}>
              <IconButton
                label={t('pictures.previous')}
                icon={<ChevronLeft size={18} aria-hidden />}
                onPress={() => step(-1)}
              />
              <IconButton
                label={t('pictures.next')}
                icon={<ChevronRight size={18} aria-hidden />}
                onPress={() => step(1)}
              />
            </span>
          )}
          {!isReadOnly && (
            <>
              <Button
                look="danger"
                onPress={() => {
                  deletePicture(imageId);
                  close();
                }}
              >
                {t('pictures.delete')}
              </Button>
              <Button look="outline" isDisabled={story.cover === imageId} onPress={() => setCover(imageId)}>
                {t(story.cover === imageId ? 'pictures.isCover' : 'pictures.asCover')}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className={styles.layout}>
        <div className={styles.view}>
          <Thumb key={imageId} image={image} variant="view" fit="contain" />
        </div>
        <div className={styles.about}>
          <Texts
            image={image}
            field="caption"
            isReadOnly={isReadOnly}
            onChange={(caption) => change({ caption }, 'caption')}
          />
          <Texts
            image={image}
            field="alt"
            isReadOnly={isReadOnly}
            onChange={(alt) => change({ alt }, 'alt')}
          />
          <TagField
            label={t('pictures.tags')}
            addLabel={t('pictures.addTag')}
            tags={image.tags}
            isReadOnly={isReadOnly}
            onChange={(tags) => change({ tags }, 'tags')}
          />
          <div className={styles.two}>
            <TextField
              label={t('pictures.credit')}
              ofStory
              isReadOnly={isReadOnly}
              value={image.credit}
              onChange={(credit) => change({ credit }, 'credit')}
            />
            <TextField
              label={t('pictures.licence')}
              ofStory
              isReadOnly={isReadOnly}
              value={image.licence}
              onChange={(licence) => change({ licence }, 'licence')}
            />
          </div>
          <TextField
            label={t('pictures.source')}
            ofStory
            isReadOnly={isReadOnly}
            value={image.source}
            onChange={(source) => change({ source }, 'source')}
          />
          <PictureUses imageId={imageId} />
          <AskPicture
            key={imageId}
            imageId={imageId}
            isReadOnly={isReadOnly}
            onAccept={(field, text) =>
              change({ [field]: { ...image[field], [story.language]: text } }, field)
            }
          />
          <p className={styles.hint}>
            {image.originalName}
            <br />
            {t('pictures.facts', {
              width: image.width,
              height: image.height,
              format: image.format.toUpperCase(),
              size: format.bytes(image.bytes),
            })}
          </p>
        </div>
      </div>
    </AppDialog>
  );
}
