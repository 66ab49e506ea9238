import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import styles from './Activity.module.css';
import type { ProposalSubject } from './proposalSubject.ts';
import { useSubjectName } from './useSubjectName.ts';

export interface ProposedTextProps {
  readonly subject: ProposalSubject;
  readonly text: string;
  /** The model was ended by its limit. */
  readonly isCutOff: boolean;
  readonly modelId: string;
  onChange(text: string): void;
  onAccept(): void;
  onDismiss(): void;
}

/** A picture or a scene and the text proposed for it, which the writer may change before taking it over. */
export function ProposedText({
  subject,
  text,
  isCutOff,
  modelId,
  onChange,
  onAccept,
  onDismiss,
}: ProposedTextProps) {
  const { t } = useTranslation();
  const model = useModelNames()(modelId);
  const name = useSubjectName()(subject);
  const replaced = subject.kind === 'translation' ? '' : subject.replaced;
  return (
    <div className={styles.proposal} data-plain={subject.kind === 'picture' ? undefined : ''}>
      {subject.kind === 'picture' && (
        <div className={styles.picture}>
          <Thumb image={subject.image} />
        </div>
      )}
      <div className={styles.proposed}>
        <p className={styles.pictureName}>{name}</p>
        <TextField
          label={t('activity.proposedText', { name })}
          labelHidden
          multiline
          rows={subject.kind === 'translation' ? 8 : 2}
          value={text}
          onChange={onChange}
        />
        <p className={styles.hint}>{t('activity.by', { model })}</p>
        {isCutOff && <p className={styles.hint}>{t('activity.cutOff')}</p>}
        {subject.kind === 'translation' && (
          <p className={styles.hint}>{t(subject.isThere ? 'activity.isThere' : 'activity.becomesScene')}</p>
        )}
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
