import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { JobOptions } from '#shared/models/job.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { useApp } from '../../stores/appStore.ts';
import styles from './Activity.module.css';
import { presentText } from './planAcceptance.ts';

export interface ProposedTextProps {
  readonly image: StoryImage;
  readonly options: JobOptions<'describe-pictures'>;
  readonly text: string;
  readonly modelId: string;
  onChange(text: string): void;
  onAccept(): void;
  onDismiss(): void;
}

/** A picture and the text proposed for it, which the writer may change before taking it over. */
export function ProposedText({
  image,
  options,
  text,
  modelId,
  onChange,
  onAccept,
  onDismiss,
}: ProposedTextProps) {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const model = useApp((app) => app.models.find(({ manifest }) => manifest.id === modelId)?.manifest.name);
  const name = pictureName(image, language);
  const replaced = presentText(image, options);
  return (
    <div className={styles.proposal}>
      <div className={styles.picture}>
        <Thumb image={image} />
      </div>
      <div className={styles.proposed}>
        <p className={styles.pictureName}>{name}</p>
        <TextField
          label={t('activity.proposedText', { name })}
          labelHidden
          multiline
          rows={2}
          value={text}
          onChange={onChange}
        />
        <p className={styles.hint}>{t('activity.by', { model: model?.[language] || modelId })}</p>
        {replaced.trim() !== '' && (
          <p className={styles.hint}>{t('activity.replaces', { text: replaced })}</p>
        )}
      </div>
      <div className={styles.decide}>
        <Button
          small
          look="outline"
          isDisabled={text.trim() === ''}
          aria-label={t('activity.acceptOf', { name })}
          onPress={onAccept}
        >
          <Check size={14} aria-hidden />
          {t('activity.accept')}
        </Button>
        <Button small aria-label={t('activity.dismissOf', { name })} onPress={onDismiss}>
          <X size={14} aria-hidden />
          {t('activity.dismiss')}
        </Button>
      </div>
    </div>
  );
}
