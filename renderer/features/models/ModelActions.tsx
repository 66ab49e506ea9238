import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { loadModel, pinModel, stopInstalling, unloadModel, useInstalls } from '../../stores/modelActions.ts';
import { groupOf, isInstalled } from './arrangeModels.ts';
import { ExportPackDialog } from './ExportPackDialog.tsx';
import { InstallDialog } from './InstallDialog.tsx';
import { LoadDialog } from './LoadDialog.tsx';
import styles from './Models.module.css';
import { useModelName } from './modelName.ts';
import { UninstallDialog } from './UninstallDialog.tsx';
import { mainVariant, shownVariants } from './variantWords.ts';

/** Whether more of a model can be fetched from here: another version, or files that failed. */
const canFetch = ({ manifest: { source, successor }, variants }: ModelEntry): boolean =>
  successor === undefined && source.kind === 'hub' && variants.some(({ installed }) => !installed);

/** What can be done with a model now; nothing is shown that would do nothing. */
export function ModelActions({ entry }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation();
  const name = useModelName()(entry.manifest);
  const [asking, setAsking] = useState<'install' | 'load' | 'export' | 'uninstall' | null>(null);
  const isOurs = useInstalls(({ running }) => running.has(entry.manifest.id));
  const { manifest, status } = entry;
  const { id } = manifest;
  const close = () => setAsking(null);
  /** A transfer from the hub goes on where it was left. */
  const keeps = manifest.source.kind === 'hub';

  const load = () => {
    const installed = shownVariants(entry).filter((one) => one.installed);
    const only = installed.length === 1 ? mainVariant(entry) : undefined;
    if (only?.fit.verdict === 'fits') void loadModel(id, only.precision);
    else setAsking('load');
  };
  const install = (again: boolean) => (
    <Button
      look={groupOf(entry) === 'picks' ? 'solid' : 'outline'}
      aria-label={t('models.installName', { name })}
      onPress={() => setAsking('install')}
    >
      {t(again ? 'models.installAgain' : 'models.install')}
    </Button>
  );
  const another = canFetch(entry) && (
    <Button aria-label={t('models.anotherName', { name })} onPress={() => setAsking('install')}>
      {t('models.another')}
    </Button>
  );

  return (
    <>
      {status.state === 'absent' && status.obstacle === null && install(false)}
      {status.state === 'failed' && !status.installed && install(true)}
      {status.state === 'installing' &&
        (isOurs ? (
          <>
            <Button
              look="outline"
              aria-label={t(keeps ? 'models.pauseName' : 'models.stopName', { name })}
              onPress={() => stopInstalling(id)}
            >
              {t(keeps ? 'models.pause' : 'models.stop')}
            </Button>
            {keeps && <span className={styles.facts}>{t('models.pauseHint')}</span>}
          </>
        ) : (
          <span className={styles.facts}>{t('models.elsewhereInstall')}</span>
        ))}
      {(status.state === 'installed' || (status.state === 'failed' && status.installed)) && (
        <>
          <Button look="outline" aria-label={t('models.loadName', { name })} onPress={load}>
            {t('models.load')}
          </Button>
          {another}
          <Button aria-label={t('models.exportName', { name })} onPress={() => setAsking('export')}>
            {t('models.exportPack')}
          </Button>
          <Button
            look="danger"
            aria-label={t('models.uninstallName', { name })}
            onPress={() => setAsking('uninstall')}
          >
            {t('models.uninstall')}
          </Button>
        </>
      )}
      {status.state === 'loaded' && (
        <>
          <Button
            look="outline"
            aria-label={t('models.unloadName', { name })}
            onPress={() => void unloadModel(id)}
          >
            {t('models.unload')}
          </Button>
          <Checkbox isSelected={status.pinned} onChange={(pinned) => void pinModel(id, pinned)}>
            <span>
              {t('models.pin')}
              <span className="visually-hidden"> {name}</span>
            </span>
          </Checkbox>
        </>
      )}
      {asking === 'install' && <InstallDialog entry={entry} onClose={close} />}
      {asking === 'load' && <LoadDialog entry={entry} onClose={close} />}
      {asking === 'export' && <ExportPackDialog entry={entry} onClose={close} />}
      {asking === 'uninstall' && isInstalled(entry) && <UninstallDialog entry={entry} onClose={close} />}
    </>
  );
}
