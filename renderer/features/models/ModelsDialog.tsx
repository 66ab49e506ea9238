import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useApp } from '../../stores/appStore.ts';
import { tellError } from '../../stores/notices.ts';
import { AddFolderDialog } from './AddFolderDialog.tsx';
import { arrangeModels, modelGroups, type UseFilter } from './arrangeModels.ts';
import { ImportPackDialog } from './ImportPackDialog.tsx';
import { ModelCard } from './ModelCard.tsx';
import styles from './Models.module.css';
import { ModelsSidebar } from './ModelsSidebar.tsx';
import { RunningDialog } from './RunningDialog.tsx';

function EngineDown() {
  const { t } = useTranslation();
  const restart = () => {
    client.app.restart({ process: 'engine' }).catch((thrown: unknown) => tellError(AppError.from(thrown)));
  };
  return (
    <div className={styles.engineDown} role="alert">
      <span>{t('models.engineDown')}</span>
      <Button small look="outline" onPress={restart}>
        {t('models.startEngine')}
      </Button>
    </div>
  );
}

/** The models of this machine and of the catalogue: what each is for, whether it fits, and what it is doing. */
export function ModelsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const models = useApp((app) => app.models);
  const engine = useApp((app) => app.engine);
  const shown = useDeferredValue(models);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<UseFilter>('all');
  const [open, setOpen] = useState<'add' | 'import' | 'running' | null>(null);
  const groups = useMemo(() => arrangeModels(shown, { search, filter }), [shown, search, filter]);
  const showAll = () => {
    setSearch('');
    setFilter('all');
  };
  return (
    <AppDialog size="full" title={t('models.title')} onClose={onClose}>
      <div className={styles.page}>
        <ModelsSidebar
          models={models}
          search={search}
          filter={filter}
          onSearch={setSearch}
          onFilter={setFilter}
          onAdd={() => setOpen('add')}
          onImport={() => setOpen('import')}
          onRunning={() => setOpen('running')}
        />
        <section className={styles.list} aria-label={t('models.list')}>
          <p className={styles.explain}>{t('models.explain')}</p>
          {engine.state === 'stopped' && <EngineDown />}
          {models.length === 0 && engine.state !== 'stopped' && <EmptyState title={t('models.empty')} />}
          {models.length > 0 && groups.size === 0 && (
            <EmptyState title={t('models.noMatch')} hint={t('models.noMatchHint')}>
              <Button look="outline" onPress={showAll}>
                {t('models.showAll')}
              </Button>
            </EmptyState>
          )}
          {modelGroups.map((group) => {
            const entries = groups.get(group);
            return (
              entries && (
                <section key={group} className={styles.group} aria-labelledby={`models-${group}`}>
                  <div className={styles.groupHead}>
                    <h3 id={`models-${group}`}>{t(`models.groups.${group}`)}</h3>
                    <p>{t(`models.groupHints.${group}`)}</p>
                  </div>
                  <ul>
                    {entries.map((entry) => (
                      <li key={entry.manifest.id} className={styles.item}>
                        <ModelCard entry={entry} />
                      </li>
                    ))}
                  </ul>
                </section>
              )
            );
          })}
        </section>
      </div>
      {open === 'add' && <AddFolderDialog onClose={() => setOpen(null)} />}
      {open === 'import' && <ImportPackDialog onClose={() => setOpen(null)} />}
      {open === 'running' && <RunningDialog onClose={() => setOpen(null)} />}
    </AppDialog>
  );
}
