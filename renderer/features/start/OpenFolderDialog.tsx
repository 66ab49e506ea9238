import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import type { StoryDialogProps } from './NewStoryDialog.tsx';
import styles from './StartScreen.module.css';

/** Asks for the path of a story's folder, where the host has no dialog of its own. */
export function OpenFolderDialog({ onClose, onOpened }: StoryDialogProps) {
  const { t } = useTranslation();
  const [folder, setFolder] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    setError(null);
    try {
      onOpened(await client.projects.open({ folder: folder.trim() }));
    } catch (thrown) {
      setError(AppError.from(thrown));
      setBusy(false);
    }
  };
  return (
    <AppDialog
      title={t('start.openFolder')}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button look="solid" type="submit" form="open-folder" isDisabled={folder.trim() === ''}>
            {t('start.open')}
          </Button>
        </>
      }
    >
      <Form
        id="open-folder"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (folder.trim() !== '' && !isBusy) void open();
        }}
      >
        <TextField
          label={t('start.openFolderPath')}
          hint={t('start.openFolderPathHint')}
          value={folder}
          onChange={setFolder}
          autoFocus
        />
        {error && <ErrorNote error={error} />}
      </Form>
    </AppDialog>
  );
}
