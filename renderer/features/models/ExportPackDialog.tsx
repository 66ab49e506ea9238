import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import { tell } from '../../stores/notices.ts';
import type { ModelDialogProps } from './InstallDialog.tsx';
import { useModelName } from './modelName.ts';
import { PackForm } from './PackForm.tsx';
import { usePack } from './usePack.ts';
import { shownVariants } from './variantWords.ts';

/** Writes a model into one file for another computer. Closing it stops the work, and nothing of it stays. */
export function ExportPackDialog({ entry, onClose }: ModelDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest } = entry;
  const name = useModelName()(manifest);
  const [path, setPath] = useState('');
  const work = usePack();
  const isBusy = work.progress !== null;
  /** A file of this name may give way: the system's dialog has asked, or this one has. */
  const [agreedPath, setAgreedPath] = useState<string | null>(null);
  const mayReplace = agreedPath === path;
  const start = async () => {
    const target = { modelId: manifest.id, path: path.trim(), replace: mayReplace };
    setAgreedPath(path);
    const done = await work.run((signal) => client.models.exportPack(target, { signal }));
    if (!done) return;
    tell(t('models.exported', { path: target.path }));
    onClose();
  };
  const bytes = shownVariants(entry)
    .filter(({ installed }) => installed)
    .reduce((sum, { variant }) => sum + variant.diskBytes, 0);
  return (
    <AppDialog
      title={t('models.exportTitle', { name })}
      onClose={onClose}
      foot={
        <>
          <Button onPress={isBusy ? work.stop : onClose}>{t(isBusy ? 'models.stop' : 'app.cancel')}</Button>
          <Button type="submit" form="models-export" look="solid" isDisabled={isBusy || path.trim() === ''}>
            {t(mayReplace && work.error?.code === 'disk/exists' ? 'models.replace' : 'models.exportNow')}
          </Button>
        </>
      }
    >
      <p>{t('models.exportExplain', { size: format.bytes(bytes), licence: manifest.licence })}</p>
      <PackForm
        id="models-export"
        purpose="export-pack"
        name={`${manifest.id}.tar`}
        doing={t('models.exporting')}
        path={path}
        work={work}
        onPath={setPath}
        onChosen={setAgreedPath}
        onSubmit={() => void start()}
      />
    </AppDialog>
  );
}
