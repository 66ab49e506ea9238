import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError, isErrorCode } from '#shared/errors/AppError.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { useModelErrors } from '../../stores/modelActions.ts';
import { groupOf, isInstalled } from './arrangeModels.ts';
import { FitLine } from './FitLine.tsx';
import { InstallProgress } from './InstallProgress.tsx';
import { LoadedLine } from './LoadedLine.tsx';
import { ModelActions } from './ModelActions.tsx';
import { ModelDetails } from './ModelDetails.tsx';
import styles from './Models.module.css';
import { useModelName } from './modelName.ts';
import { downloadBytes, mainVariant } from './variantWords.ts';

/** What is good to know before anything else: fit, size, languages, licence. */
function Facts({ entry }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest } = entry;
  const shown = mainVariant(entry);
  if (!shown) return null;
  const onDisk = isInstalled(entry) || groupOf(entry) === 'elsewhere';
  const size = format.bytes(onDisk ? shown.variant.diskBytes : downloadBytes(manifest, shown.variant));
  const sized = shown.variant.estimated ? t('models.about', { size }) : size;
  const facts = [
    t(onDisk ? 'models.onDisk' : 'models.download', { size: sized }),
    format.list(manifest.languages.map((language) => t(`app.languages.${language}`))),
    manifest.licence,
  ];
  return (
    <p className={styles.facts}>
      {entry.status.state !== 'loaded' && <FitLine fit={shown.fit} />}
      <span>{facts.filter((fact) => fact !== '').join(' · ')}</span>
    </p>
  );
}

/** What went wrong, in the writer's language. */
function Failure({ entry }: { readonly entry: ModelEntry }) {
  const { manifest, status } = entry;
  const ours = useModelErrors((errors) => errors.byModel[manifest.id]);
  if (ours) return <ErrorNote error={ours} />;
  if (status.state !== 'failed') return null;
  const code = isErrorCode(status.code) ? status.code : 'internal/unexpected';
  return <ErrorNote error={new AppError(code, status.message)} />;
}

/** One model, said plainly. */
export function ModelCard({ entry }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const { manifest, status } = entry;
  const name = useModelName()(manifest);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const isBlocked = status.state === 'absent' && status.obstacle !== null;
  const group = groupOf(entry);
  return (
    <article className={styles.card} aria-labelledby={`${id}name`}>
      <div className={styles.head}>
        <h4 id={`${id}name`}>{name}</h4>
        <ul className={styles.badges}>
          {group === 'picks' && <li data-pick="">{t('models.pick')}</li>}
          {manifest.recommendedUse.map((use) => (
            <li key={use}>{t(`models.uses.${use}`)}</li>
          ))}
        </ul>
        <span className={styles.state} data-state={status.state}>
          {isBlocked ? t('models.cannotInstall') : t(`models.state.${status.state}`)}
        </span>
      </div>
      <p className={styles.advice}>{manifest.advice[language] || manifest.advice.en}</p>
      <Facts entry={entry} />
      {isBlocked && status.obstacle !== null && (
        <p className={styles.blocked}>{t(`models.obstacle.${status.obstacle}.title`)}</p>
      )}
      {status.state === 'loaded' && <LoadedLine modelId={manifest.id} status={status} />}
      {status.state === 'installing' && <InstallProgress status={status} />}
      <Failure entry={entry} />
      <div className={styles.actions}>
        <ModelActions entry={entry} />
        <Button
          look={isBlocked ? 'outline' : 'plain'}
          aria-expanded={isOpen}
          aria-controls={`${id}details`}
          aria-label={t(isBlocked ? 'models.howToName' : 'models.detailsName', { name })}
          onPress={() => setOpen(!isOpen)}
        >
          {t(isBlocked ? 'models.howTo' : 'models.details')}
        </Button>
      </div>
      <div id={`${id}details`} hidden={!isOpen}>
        {isOpen && <ModelDetails entry={entry} />}
      </div>
    </article>
  );
}
