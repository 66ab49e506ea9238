import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Splitter } from '../components/Splitter.tsx';
import { useSelection } from '../stores/selectionStore.ts';
import { useStoryStore } from '../stores/storyStore.ts';
import styles from './Desk.module.css';
import { DeskBanners } from './DeskBanners.tsx';
import { DeskHeader } from './DeskHeader.tsx';
import { LeftPane } from './LeftPane.tsx';
import { MiddlePane } from './MiddlePane.tsx';
import { RightPane } from './RightPane.tsx';
import { StatusBar } from './StatusBar.tsx';
import { useDeskActions } from './useDeskActions.ts';
import { usePaneLayout } from './usePaneLayout.ts';

/** The writer's desk: outline on the left, text in the middle, details on the right. */
export function Desk() {
  const { t } = useTranslation();
  const title = useStoryStore((state) => state.story?.title ?? '');
  const focusMode = useSelection((selection) => selection.focusMode);
  const { layout, change } = usePaneLayout();
  const [viewport, setViewport] = useState(window.innerWidth);
  useDeskActions();

  useEffect(() => {
    document.title = `${title} – ${t('app.name')}`;
  }, [title, t]);
  useEffect(() => {
    const resized = () => setViewport(window.innerWidth);
    window.addEventListener('resize', resized);
    return () => window.removeEventListener('resize', resized);
  }, []);

  const maxPane = Math.max(240, Math.floor(viewport * 0.36));
  const left = Math.min(layout.left, maxPane);
  const right = Math.min(layout.right, maxPane);
  const showLeft = layout.showLeft && !focusMode;
  const showRight = layout.showRight && !focusMode;
  return (
    <div className={styles.desk} data-focus-mode={focusMode || undefined}>
      {!focusMode && <DeskHeader layout={layout} onLayout={change} />}
      <DeskBanners />
      <div className={styles.panes}>
        {showLeft && (
          <aside className={styles.side} style={{ width: left }} aria-label={t('desk.left')}>
            <LeftPane />
            <Splitter
              label={t('desk.resizeLeft')}
              value={left}
              min={220}
              max={maxPane}
              paneBefore
              onChange={(width) => change({ left: width })}
            />
          </aside>
        )}
        <main className={styles.middle} id="text">
          {focusMode && <h1 className="visually-hidden">{title}</h1>}
          <MiddlePane />
        </main>
        {showRight && (
          <aside className={styles.side} style={{ width: right }} aria-label={t('desk.right')}>
            <Splitter
              label={t('desk.resizeRight')}
              value={right}
              min={240}
              max={maxPane}
              paneBefore={false}
              onChange={(width) => change({ right: width })}
            />
            <RightPane />
          </aside>
        )}
      </div>
      <StatusBar />
    </div>
  );
}
