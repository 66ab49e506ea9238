import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { useApp } from '../../stores/appStore.ts';
import { addModelFolder, rescanModels } from '../../stores/modelActions.ts';
import { tell } from '../../stores/notices.ts';
import styles from './Models.module.css';
import { useModelName } from './modelName.ts';

/** Takes in a model that lies on this computer already. */
export function AddFolderDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const nameOf = useModelName();
  const isDesktop = useApp((app) => app.info?.host === 'desktop');
  const [path, setPath] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const attempt = async (action: () => Promise<void>) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  const add = () => {
    if (path.trim() === '') return;
    void attempt(async () => {
      const { manifest } = await addModelFolder(path.trim());
      tell(t('models.added', { name: nameOf(manifest) }));
      onClose();
    });
  };
  const browse = () =>
    attempt(async () => {
      const chosen = await client.projects.chooseFolder({ purpose: 'open' });
      if (chosen !== null) setPath(chosen);
    });
  const rescan = () =>
    attempt(async () => {
      await rescanModels();
      tell(t('models.rescanned'));
      onClose();
    });
  return (
    <AppDialog
      title={t('models.addTitle')}
      onClose={onClose}
      foot={
        <>
          <Button onPress={() => void rescan()}>{t('models.rescan')}</Button>
          <Button type="submit" form="models-add" look="solid" isDisabled={path.trim() === ''}>
            {t('models.addNow')}
          </Button>
        </>
      }
    >
      <p>{t('models.addExplain')}</p>
      <form
        id="models-add"
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField label={t('models.addPath')} value={path} onChange={setPath} autoFocus />
        {isDesktop && (
          <Button look="outline" onPress={() => void browse()}>
            {t('app.browse')}
          </Button>
        )}
      </form>
      {error && <ErrorNote error={error} />}
    </AppDialog>
  );
}
