import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { FeedbackFile } from '#shared/models/feedback.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { tell, tellError } from '../../stores/notices.ts';
import styles from './Preferences.module.css';

/** What can be read in a text; `null` where it is something else. */
function parse(text: string): FeedbackFile | null {
  try {
    return FeedbackFile.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Opinions as text, to be copied here and pasted on another machine. */
export function Carry({ onTaken }: { onTaken(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const file = parse(text);
  const attempt = (work: () => Promise<void>) => {
    work().catch((thrown: unknown) => tellError(AppError.from(thrown)));
  };
  return (
    <section className={styles.carry} aria-labelledby="preferences-carry">
      <h3 id="preferences-carry">{t('preferences.carry')}</h3>
      <p className={styles.hint}>{t('preferences.carryHint')}</p>
      <TextField
        label={t('preferences.carryText')}
        labelHidden
        multiline
        rows={3}
        value={text}
        onChange={setText}
        {...(text.trim() !== '' && file === null ? { hint: t('preferences.unreadable') } : {})}
      />
      <div className={styles.acts}>
        <Button
          small
          look="outline"
          onPress={() =>
            attempt(async () => setText(JSON.stringify(await client.feedback.export(), null, 1)))
          }
        >
          {t('preferences.show')}
        </Button>
        <Button
          small
          look="outline"
          isDisabled={text.trim() === ''}
          onPress={() =>
            attempt(async () => {
              await navigator.clipboard.writeText(text);
              tell(t('preferences.copied'));
            })
          }
        >
          {t('preferences.copy')}
        </Button>
        <Button
          small
          look="outline"
          isDisabled={file === null}
          onPress={() =>
            attempt(async () => {
              if (file === null) return;
              const { votes } = await client.feedback.import(file);
              tell(t('preferences.takenIn', { count: votes }));
              onTaken();
            })
          }
        >
          {t('preferences.takeIn')}
        </Button>
      </div>
    </section>
  );
}
