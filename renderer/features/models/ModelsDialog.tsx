import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../components/AppDialog.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useApp } from '../../stores/appStore.ts';
import { useSettings } from '../../stores/settingsStore.ts';
import { ModelCard } from './ModelCard.tsx';
import styles from './Models.module.css';

/** The models of this machine: what each can and cannot do, what it needs, and what it is doing. */
export function ModelsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const models = useApp((app) => app.models);
  const engine = useApp((app) => app.engine);
  const limit = useSettings((settings) => settings.modelMemoryBytes);
  const used = models.reduce(
    (sum, { status }) => sum + (status.state === 'loaded' ? status.residentBytes : 0),
    0,
  );
  return (
    <AppDialog size="wide" title={t('models.title')} onClose={onClose}>
      <p className={styles.explain}>{t('models.explain')}</p>
      {models.length === 0 ? (
        <EmptyState title={t(engine.state === 'stopped' ? 'models.engineDown' : 'models.empty')} />
      ) : (
        <>
          <p className={styles.facts}>
            {t('models.memoryTotal', { used: format.memory(used), limit: format.memory(limit) })}
          </p>
          <ul className={styles.list}>
            {models.map((entry) => (
              <li key={entry.manifest.id}>
                <ModelCard entry={entry} />
              </li>
            ))}
          </ul>
        </>
      )}
    </AppDialog>
  );
}
