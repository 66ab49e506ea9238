import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import { uninstallModel } from '../../stores/modelActions.ts';
import type { ModelDialogProps } from './InstallDialog.tsx';
import { useModelName } from './modelName.ts';
import { shownVariants } from './variantWords.ts';

/** Asks before a model's files are deleted. */
export function UninstallDialog({ entry, onClose }: ModelDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest } = entry;
  const name = useModelName()(manifest);
  const bytes = shownVariants(entry)
    .filter(({ installed }) => installed)
    .reduce((sum, { variant }) => sum + variant.diskBytes, 0);
  return (
    <AppDialog
      title={t('models.uninstallTitle', { name })}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button
            look="danger"
            onPress={() => {
              onClose();
              void uninstallModel(manifest.id);
            }}
          >
            {t('models.uninstallNow')}
          </Button>
        </>
      }
    >
      <p>
        {manifest.source.kind === 'npm'
          ? t('models.uninstallText', { size: format.bytes(bytes) })
          : t('models.forgetText')}
      </p>
    </AppDialog>
  );
}
