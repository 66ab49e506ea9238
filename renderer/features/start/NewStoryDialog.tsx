import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { OpenedStory } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Language } from '#shared/story/scene.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { useApp } from '../../stores/appStore.ts';
import styles from './StartScreen.module.css';

export interface StoryDialogProps {
  onClose(): void;
  onOpened(opened: OpenedStory): void;
}

/** Asks for a title and a language, then makes the story's folder. */
export function NewStoryDialog({ onClose, onOpened }: StoryDialogProps) {
  const { t, i18n } = useTranslation();
  const info = useApp((app) => app.info);
  const [title, setTitle] = useState('');
  const [language, setLanguage] = useState<Language>(i18n.language === 'zh' ? 'zh' : 'en');
  const [parentFolder, setParentFolder] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);

  const create = async () => {
    setBusy(true);
    setError(null);
    try {
      onOpened(await client.projects.create({ title: title.trim(), language, parentFolder }));
    } catch (thrown) {
      setError(AppError.from(thrown));
      setBusy(false);
    }
  };
  const browse = async () => {
    try {
      setParentFolder((await client.projects.chooseFolder({ purpose: 'create' })) ?? parentFolder);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };

  return (
    <AppDialog
      title={t('start.newStory')}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button look="solid" type="submit" form="new-story" isDisabled={title.trim() === ''}>
            {t('start.create')}
          </Button>
        </>
      }
    >
      <Form
        id="new-story"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== '' && !isBusy) void create();
        }}
      >
        <TextField
          label={t('start.title')}
          placeholder={t('start.titlePlaceholder')}
          value={title}
          onChange={setTitle}
          autoFocus
        />
        <SelectField<Language>
          label={t('start.storyLanguage')}
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'en', label: t('app.languages.en') },
            { value: 'zh', label: t('app.languages.zh') },
          ]}
        />
        <div className={styles.where}>
          <p className={styles.quiet}>
            {t('start.createIn', { folder: parentFolder ?? info?.storiesFolder ?? '' })}
          </p>
          {info?.host === 'desktop' && (
            <Button look="outline" small onPress={() => void browse()}>
              {t('app.browse')}
            </Button>
          )}
        </div>
        {error && <ErrorNote error={error} />}
      </Form>
    </AppDialog>
  );
}
