import { useTranslation } from 'react-i18next';
import { Capability } from '#shared/models/capability.ts';
import type { QualityFigure } from '#shared/models/manifest.ts';
import type { ModelEntry, ModelState } from '#shared/models/modelState.ts';
import { ExternalLink } from '../../components/ExternalLink.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useDeviceName } from './deviceName.ts';
import { FitLine, FitSum } from './FitLine.tsx';
import styles from './ModelDetails.module.css';
import { originUrl, sourceUrl } from './modelLinks.ts';
import { ObstacleNote } from './ObstacleNote.tsx';
import { mainVariant, shownVariants, variantWord } from './variantWords.ts';

function Versions({ entry }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const about = (size: string, estimated: boolean) => (estimated ? t('models.about', { size }) : size);
  return (
    <table className={styles.versions}>
      <caption>{t('models.variants.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('models.variants.name')}</th>
          <th scope="col">{t('models.variants.size')}</th>
          <th scope="col">{t('models.variants.memory')}</th>
          <th scope="col">{t('models.variants.fit')}</th>
        </tr>
      </thead>
      <tbody>
        {shownVariants(entry).map(({ precision, fit, installed, variant }) => (
          <tr key={precision}>
            <th scope="row">
              {t(`models.variants.${variantWord(entry.manifest, precision)}`)} <code>{precision}</code>
              {installed && ` · ${t('models.variants.here')}`}
            </th>
            <td>{about(format.bytes(variant.diskBytes), variant.estimated)}</td>
            <td>{about(format.memory(fit.neededBytes), variant.estimated)}</td>
            <td>
              <FitLine fit={fit} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Quality({ figure }: { readonly figure: QualityFigure }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { benchmark, metric, value, source } = figure;
  const url = sourceUrl(source);
  const words = t('models.qualitySource', { source });
  return (
    <li>
      {t('models.qualityLine', { benchmark, metric, value: format.number(value) })}
      {url === null ? words : <ExternalLink url={url}>{words}</ExternalLink>}
    </li>
  );
}

/** The device, and why it is not a faster one. */
function RunsOn({ status }: { readonly status: Extract<ModelState, { state: 'loaded' }> }) {
  const { t } = useTranslation();
  const device = useDeviceName()(status.device);
  return (
    <>
      <dt>{t('models.runsOn')}</dt>
      <dd>
        {status.cpuReason === '' ? device : t('models.runsOnWhy', { device })}
        {status.cpuReason !== '' && (
          <span className={styles.reason} lang="en">
            {status.cpuReason}
          </span>
        )}
      </dd>
    </>
  );
}

/** Everything known of a model, for somebody who wants to know. */
export function ModelDetails({ entry }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest, status } = entry;
  const shown = mainVariant(entry);
  const abilities = Capability.options.filter((capability) => manifest.capabilities[capability]);
  const url = originUrl(manifest);
  const { quality = [] } = manifest;
  const isBlocked = status.state === 'absent' && status.obstacle !== null;
  return (
    <div className={styles.details}>
      {isBlocked && status.obstacle !== null && <ObstacleNote entry={entry} obstacle={status.obstacle} />}
      {shown && (
        <div className={styles.sum}>
          <FitSum fit={shown.fit} estimated={shown.variant.estimated} withRemedy={!isBlocked} />
        </div>
      )}
      <Versions entry={entry} />
      <dl className={styles.facts}>
        {status.state === 'loaded' && <RunsOn status={status} />}
        <dt>{t('models.goodFor')}</dt>
        <dd>{format.list(abilities.map((capability) => t(`models.capabilities.${capability}`)))}</dd>
        <dt>{t('models.context')}</dt>
        <dd>{t('models.contextValue', { count: manifest.contextTokens })}</dd>
        <dt>{t('models.licence')}</dt>
        <dd>{manifest.licence}</dd>
        {manifest.origin !== '' && (
          <>
            <dt>{t('models.origin')}</dt>
            <dd>
              {url === null ? manifest.origin : <ExternalLink url={url}>{manifest.origin}</ExternalLink>}
            </dd>
          </>
        )}
        {manifest.source.kind === 'folder' && (
          <>
            <dt>{t('models.folder')}</dt>
            <dd>{manifest.source.path}</dd>
          </>
        )}
        {quality.length > 0 && (
          <>
            <dt>{t('models.quality')}</dt>
            <dd>
              <ul>
                {quality.map((figure) => (
                  <Quality key={`${figure.benchmark} ${figure.metric}`} figure={figure} />
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
