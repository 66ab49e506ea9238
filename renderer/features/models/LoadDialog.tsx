import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { loadModel } from '../../stores/modelActions.ts';
import type { ModelDialogProps } from './InstallDialog.tsx';
import { useModelName } from './modelName.ts';
import { VariantChoice } from './VariantChoice.tsx';
import { mainVariant, shownVariants } from './variantWords.ts';

/** Asks which version to load, and whether to load one that does not fit well; what cannot work is not offered. */
export function LoadDialog({ entry, onClose }: ModelDialogProps) {
  const { t } = useTranslation();
  const name = useModelName()(entry.manifest);
  const among = shownVariants(entry).filter(({ installed }) => installed);
  const [precision, setPrecision] = useState(mainVariant(entry)?.precision ?? entry.suggested);
  const fit = among.find((one) => one.precision === precision)?.fit;
  if (!fit) return null;
  const anyway = fit.verdict === 'too-big';
  return (
    <AppDialog
      title={fit.lethal && among.length === 1 ? t('models.loadCannot') : t('models.loadTitle', { name })}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t(fit.lethal ? 'app.close' : 'app.cancel')}</Button>
          {!fit.lethal && (
            <Button
              look={anyway ? 'danger' : 'solid'}
              onPress={() => {
                onClose();
                void loadModel(entry.manifest.id, precision, anyway);
              }}
            >
              {t(anyway ? 'models.loadAnyway' : 'models.loadNow')}
            </Button>
          )}
        </>
      }
    >
      <VariantChoice entry={entry} among={among} value={precision} onChange={setPrecision} />
    </AppDialog>
  );
}
