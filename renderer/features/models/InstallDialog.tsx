import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useHasToken } from '../../stores/hubToken.ts';
import { installModel } from '../../stores/modelActions.ts';
import { useSettings } from '../../stores/settingsStore.ts';
import styles from './Models.module.css';
import { useModelName } from './modelName.ts';
import { VariantChoice } from './VariantChoice.tsx';
import { downloadBytes, shownVariants } from './variantWords.ts';

export interface ModelDialogProps {
  readonly entry: ModelEntry;
  onClose(): void;
}

/** Asks before anything leaves this computer: which version, how large, from where, and who learns of it. */
export function InstallDialog({ entry, onClose }: ModelDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useModelName()(entry.manifest);
  const mirror = useSettings((settings) => settings.modelHub);
  const hasToken = useHasToken();
  const { manifest, suggested } = entry;
  const missing = shownVariants(entry).filter(({ installed }) => !installed);
  const among = missing.length > 0 ? missing : shownVariants(entry);
  const first = among.find(({ precision }) => precision === suggested) ?? among[0];
  const [precision, setPrecision] = useState(first?.precision ?? suggested);
  const chosen = among.find((one) => one.precision === precision)?.variant;
  if (!chosen) return null;
  const { source } = manifest;
  const about = (size: string) => (chosen.estimated ? t('models.about', { size }) : size);
  const size = about(format.bytes(downloadBytes(manifest, chosen)));
  return (
    <AppDialog
      title={t('models.installTitle', { name })}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button
            look="solid"
            onPress={() => {
              onClose();
              void installModel(manifest.id, precision);
            }}
          >
            {t('models.download', { size })}
          </Button>
        </>
      }
    >
      <VariantChoice entry={entry} among={among} value={precision} onChange={setPrecision} />
      <p>
        {t('models.sizes', { download: size, disk: about(format.bytes(chosen.diskBytes)) })}
        {' · '}
        {t('models.licenceLine', { licence: manifest.licence })}
      </p>
      <section className={styles.consent} aria-labelledby="models-consent">
        <h3 id="models-consent">
          <ShieldCheck size={16} aria-hidden />
          {t('models.consent')}
        </h3>
        {source.kind === 'npm' && (
          <p>{t('models.from.npm', { name: source.package, version: source.version })}</p>
        )}
        {source.kind === 'hub' && (
          <p>
            {mirror === ''
              ? t('models.from.hub', { name: source.repository })
              : t('models.from.mirror', { name: source.repository, host: new URL(mirror).host })}
          </p>
        )}
        {source.kind === 'hub' && mirror === '' && hasToken && <p>{t('models.tokenGoes')}</p>}
        <p>{t('models.consentText')}</p>
      </section>
    </AppDialog>
  );
}
