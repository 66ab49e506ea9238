import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { tell } from '../../stores/notices.ts';
import { useModelName } from './modelName.ts';
import { PackForm } from './PackForm.tsx';
import { usePack } from './usePack.ts';

/** Takes in a model from a file that another computer wrote. Closing it stops the work, and nothing of it stays. */
export function ImportPackDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const nameOf = useModelName();
  const [path, setPath] = useState('');
  const work = usePack();
  const isBusy = work.progress !== null;
  const start = async () => {
    const entry = await work.run((signal) => client.models.importPack({ path: path.trim() }, { signal }));
    if (!entry) return;
    tell(t('models.imported', { name: nameOf(entry.manifest) }));
    onClose();
  };
  return (
    <AppDialog
      title={t('models.importTitle')}
      onClose={onClose}
      foot={
        <>
          <Button onPress={isBusy ? work.stop : onClose}>{t(isBusy ? 'models.stop' : 'app.cancel')}</Button>
          <Button type="submit" form="models-import" look="solid" isDisabled={isBusy || path.trim() === ''}>
            {t('models.importNow')}
          </Button>
        </>
      }
    >
      <p>{t('models.importExplain')}</p>
      <PackForm
        id="models-import"
        purpose="import-pack"
        name=""
        doing={t('models.importing')}
        path={path}
        work={work}
        onPath={setPath}
        onSubmit={() => void start()}
      />
    </AppDialog>
  );
}
