import { Search } from 'lucide-react';
import { Input, RadioButton, RadioField, RadioGroup, SearchField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { Button } from '../../components/Button.tsx';
import { openDialog } from '../../stores/appStore.ts';
import { useSettings } from '../../stores/settingsStore.ts';
import { isFor, type UseFilter, useFilters } from './arrangeModels.ts';
import { MemoryMeter } from './MemoryMeter.tsx';
import styles from './ModelsSidebar.module.css';

export interface ModelsSidebarProps {
  readonly models: readonly ModelEntry[];
  readonly search: string;
  readonly filter: UseFilter;
  onSearch(search: string): void;
  onFilter(filter: UseFilter): void;
  onAdd(): void;
  onImport(): void;
  onRunning(): void;
}

/** What is looked for, what models hold, and ways to more of them. */
export function ModelsSidebar({
  models,
  search,
  filter,
  onSearch,
  onFilter,
  onAdd,
  onImport,
  onRunning,
}: ModelsSidebarProps) {
  const { t } = useTranslation();
  const budgetBytes = useSettings((settings) => settings.modelMemoryBytes);
  const options: readonly UseFilter[] = ['all', ...useFilters];
  return (
    <div className={styles.side}>
      <SearchField
        aria-label={t('models.search')}
        className={styles.search}
        value={search}
        onChange={onSearch}
      >
        <Search size={15} aria-hidden />
        <Input className={styles.input} placeholder={t('models.search')} />
      </SearchField>
      <RadioGroup
        aria-label={t('models.filter')}
        className={styles.filters}
        value={filter}
        onChange={(value) => onFilter(value as UseFilter)}
      >
        {options.map((option) => (
          <RadioField key={option} value={option}>
            <RadioButton className={styles.filter}>
              <span>{option === 'all' ? t('models.filters.all') : t(`models.uses.${option}`)}</span>
              <span className={styles.count} aria-hidden>
                {models.filter(({ manifest }) => isFor(manifest, option)).length}
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </RadioGroup>
      <MemoryMeter models={models} budgetBytes={budgetBytes} />
      <div className={styles.more}>
        <Button small look="outline" onPress={() => openDialog('settings')}>
          {t('models.changeBudget')}
        </Button>
        <Button small look="outline" onPress={onAdd}>
          {t('models.add')}
        </Button>
        <Button small look="outline" onPress={onImport}>
          {t('models.importPack')}
        </Button>
        <Button small look="outline" onPress={() => openDialog('preferences')}>
          {t('preferences.open')}
        </Button>
        <Button small look="outline" onPress={() => openDialog('monitoring')}>
          {t('monitoring.open')}
        </Button>
        <Button small look="outline" onPress={onRunning}>
          {t('models.running')}
        </Button>
      </div>
    </div>
  );
}
