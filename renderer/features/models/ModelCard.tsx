import { useTranslation } from 'react-i18next';
import { Capability } from '#shared/models/capability.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Progress } from '../../components/Progress.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import {
  installModel,
  loadModel,
  pinModel,
  stopInstalling,
  uninstallModel,
  unloadModel,
  useModelErrors,
} from '../../stores/modelActions.ts';
import styles from './Models.module.css';

function Actions({ entry, name }: { readonly entry: ModelEntry; readonly name: string }) {
  const { t } = useTranslation();
  const { id } = entry.manifest;
  const act = (action: (modelId: typeof id) => Promise<void>) => () => void action(id);
  if (entry.status.state === 'absent' && entry.status.obstacle !== null) return null;
  switch (entry.status.state) {
    case 'absent':
    case 'failed':
      return (
        <Button look="solid" aria-label={t('models.installName', { name })} onPress={act(installModel)}>
          {t('models.install')}
        </Button>
      );
    case 'installing':
      return (
        <Button look="outline" aria-label={t('models.stopName', { name })} onPress={() => stopInstalling(id)}>
          {t('models.stop')}
        </Button>
      );
    case 'installed':
      return (
        <>
          <Button look="outline" aria-label={t('models.loadName', { name })} onPress={act(loadModel)}>
            {t('models.load')}
          </Button>
          <Button
            look="danger"
            aria-label={t('models.uninstallName', { name })}
            onPress={act(uninstallModel)}
          >
            {t('models.uninstall')}
          </Button>
        </>
      );
    case 'loading':
      return null;
    case 'loaded':
      return (
        <>
          <Checkbox isSelected={entry.status.pinned} onChange={(pinned) => void pinModel(id, pinned)}>
            {t('models.pin')}
          </Checkbox>
          <Button look="outline" aria-label={t('models.unloadName', { name })} onPress={act(unloadModel)}>
            {t('models.unload')}
          </Button>
        </>
      );
  }
}

/** One model, said plainly. */
export function ModelCard({ entry }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const { manifest, status } = entry;
  const variant = manifest.variants.find(({ precision }) => precision === entry.suggested);
  const error = useModelErrors((errors) => errors.byModel[manifest.id]);
  const name = manifest.name[language] || manifest.id;
  if (!variant) return null;
  const abilities = Capability.options.filter((capability) => manifest.capabilities[capability]);
  return (
    <article className={styles.card} aria-label={name}>
      <div className={styles.head}>
        <h3>{name}</h3>
        <span className={styles.state} data-state={status.state}>
          {t(`models.state.${status.state}`)}
        </span>
      </div>
      <p>{manifest.advice[language]}</p>
      <p className={styles.facts}>
        {t('models.goodFor')}:{' '}
        {abilities.map((capability) => t(`models.capabilities.${capability}`)).join(' · ')}
        {' · '}
        {manifest.languages.map((one) => t(`app.languages.${one}`)).join(', ')}
      </p>
      <p className={styles.facts}>
        {t('models.size', {
          download: format.bytes(
            manifest.source.kind === 'npm' ? manifest.source.tarballBytes : variant.diskBytes,
          ),
          disk: format.bytes(variant.diskBytes),
        })}
        {' · '}
        {t('models.memory', { memory: format.memory(variant.memoryBytes) })}
        {' · '}
        {t('models.licence', { licence: manifest.licence })}
        {' · '}
        {t('models.origin', { origin: manifest.origin })}
      </p>
      {status.state === 'loaded' && (
        <p className={styles.facts}>
          {t('models.resident', { memory: format.memory(status.residentBytes), device: status.device })}
        </p>
      )}
      {status.state === 'installing' && (
        <div className={styles.progress} role="status">
          <span>
            {t(`models.phase.${status.phase}`)} {format.number(status.progress, { style: 'percent' })}
          </span>
          <Progress label={t(`models.phase.${status.phase}`)} value={status.progress} />
        </div>
      )}
      {error && <ErrorNote error={error} />}
      <div className={styles.actions}>
        <Actions entry={entry} name={name} />
      </div>
    </article>
  );
}
