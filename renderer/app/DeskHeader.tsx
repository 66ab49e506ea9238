import {
  Boxes,
  ChevronDown,
  Library,
  Maximize2,
  PanelLeft,
  PanelRight,
  Redo2,
  Search,
  Settings,
  Undo2,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ActionMenu } from '../components/ActionMenu.tsx';
import { Button, IconButton } from '../components/Button.tsx';
import { openDialog, runMenuAction, useApp } from '../stores/appStore.ts';
import { select } from '../stores/selectionStore.ts';
import { redoLabel, undoLabel, useStoryStore } from '../stores/storyStore.ts';
import styles from './Desk.module.css';
import { leaveStory } from './leaveStory.ts';
import { revealStory } from './revealStory.ts';
import { startSceneJob } from './startSceneJob.ts';
import type { PaneLayout } from './usePaneLayout.ts';

export interface DeskHeaderProps {
  readonly layout: PaneLayout;
  onLayout(patch: Partial<PaneLayout>): void;
}

/** The story's name and menu, undo and redo, and the tools that concern the whole story. */
export function DeskHeader({ layout, onLayout }: DeskHeaderProps) {
  const { t } = useTranslation();
  const title = useStoryStore((state) => state.story?.title ?? '');
  const aiEnabled = useStoryStore((state) => state.story?.settings.aiEnabled ?? false);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const undoing = useStoryStore(undoLabel);
  const redoing = useStoryStore(redoLabel);
  const isDesktop = useApp((app) => app.info?.host === 'desktop');
  return (
    <header className={styles.head}>
      <IconButton
        label={t('desk.home')}
        icon={<Library size={18} aria-hidden />}
        onPress={() => void leaveStory()}
      />
      <h1 className={styles.headTitle}>
        <ActionMenu
          label={t('desk.storyMenu')}
          actions={[
            { id: 'details', label: t('desk.storyDetails'), run: () => openDialog('story') },
            ...(aiEnabled
              ? [
                  { id: 'plan', label: t('plan.open'), run: () => openDialog('plan' as const) },
                  ...(isReadOnly
                    ? []
                    : (['summarise-scenes', 'translate-scenes'] as const).map((kind) => ({
                        id: kind,
                        label: t(
                          kind === 'summarise-scenes' ? 'activity.summariseEntry' : 'activity.translateEntry',
                        ),
                        run: () => void startSceneJob(kind),
                      }))),
                ]
              : []),
            { id: 'snapshots', label: t('desk.snapshots'), run: () => openDialog('snapshots') },
            { id: 'consistency', label: t('consistency.open'), run: () => openDialog('consistency') },
            { id: 'export', label: t('desk.exportBook'), run: () => openDialog('export') },
            ...(isDesktop
              ? [{ id: 'reveal', label: t('desk.revealFolder'), run: () => void revealStory() }]
              : []),
            'separator',
            { id: 'shortcuts', label: t('desk.shortcuts'), keys: 'F1', run: () => openDialog('shortcuts') },
            { id: 'close', label: t('desk.closeStory'), run: () => void leaveStory() },
          ]}
        >
          <Button>
            <span className={styles.storyTitle}>{title || t('app.untitled')}</span>
            <ChevronDown size={14} aria-hidden />
          </Button>
        </ActionMenu>
      </h1>
      <div className={styles.tools} role="toolbar" aria-label={t('desk.storyMenu')}>
        <IconButton
          label={undoing === null ? t('desk.undo') : t('desk.undoWhat', { what: undoing })}
          icon={<Undo2 size={18} aria-hidden />}
          isDisabled={undoing === null}
          onPress={() => runMenuAction('undo')}
        />
        <IconButton
          label={redoing === null ? t('desk.redo') : t('desk.redoWhat', { what: redoing })}
          icon={<Redo2 size={18} aria-hidden />}
          isDisabled={redoing === null}
          onPress={() => runMenuAction('redo')}
        />
        <span className={styles.gap} />
        <IconButton
          label={t('desk.find')}
          icon={<Search size={18} aria-hidden />}
          onPress={() => openDialog('find')}
        />
        <IconButton
          label={t('desk.models')}
          icon={<Boxes size={18} aria-hidden />}
          onPress={() => openDialog('models')}
        />
        <IconButton
          label={t('desk.settings')}
          icon={<Settings size={18} aria-hidden />}
          onPress={() => openDialog('settings')}
        />
        <span className={styles.gap} />
        <IconButton
          label={t('desk.focusMode')}
          icon={<Maximize2 size={16} aria-hidden />}
          onPress={() => select({ focusMode: true })}
        />
        <IconButton
          label={t(layout.showLeft ? 'desk.hideLeft' : 'desk.showLeft')}
          icon={<PanelLeft size={18} aria-hidden />}
          isOn={layout.showLeft}
          onPress={() => onLayout({ showLeft: !layout.showLeft })}
        />
        <IconButton
          label={t(layout.showRight ? 'desk.hideRight' : 'desk.showRight')}
          icon={<PanelRight size={18} aria-hidden />}
          isOn={layout.showRight}
          onPress={() => onLayout({ showRight: !layout.showRight })}
        />
      </div>
    </header>
  );
}
