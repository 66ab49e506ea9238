import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import styles from './controls.module.css';

interface PaneTab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly content: ReactNode;
}

export interface PaneTabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly PaneTab<Id>[];
  readonly selected: Id;
  /** Only the chosen tab shows its name beside its icon; the others say theirs on hover and aloud. */
  readonly compact?: boolean;
  onSelect(id: Id): void;
}

/** Tabs that fill a pane. */
export function PaneTabs<Id extends string>({
  label,
  tabs,
  selected,
  compact = false,
  onSelect,
}: PaneTabsProps<Id>) {
  return (
    <Tabs className={styles.tabs} selectedKey={selected} onSelectionChange={(key) => onSelect(key as Id)}>
      <TabList className={styles.tabList} aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles.tab} aria-label={tab.label}>
            {tab.icon}
            {(!compact || tab.id === selected) && tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.tabPanel}>
          {tab.content}
        </TabPanel>
      ))}
    </Tabs>
  );
}
