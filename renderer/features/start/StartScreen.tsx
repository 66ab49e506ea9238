import { BookOpen, FolderOpen, Plus } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MenuAction, OpenedStory, RecentStory } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../../api/client.ts';
import { useConnection } from '../../api/connection.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { onMenuAction, useApp } from '../../stores/appStore.ts';
import { tell } from '../../stores/notices.ts';
import { NewStoryDialog } from './NewStoryDialog.tsx';
import { OpenFolderDialog } from './OpenFolderDialog.tsx';
import { RecentCard } from './RecentCard.tsx';
import { StartAction } from './StartAction.tsx';
import styles from './StartScreen.module.css';

export interface StartScreenProps {
  /** Switches for language and theme, and links to settings and models. */
  readonly options: ReactNode;
  onOpened(opened: OpenedStory): void;
}

/** Where the writer begins: recent stories, a new one, one from a folder, or the sample. */
export function StartScreen({ options, onOpened }: StartScreenProps) {
  const { t, i18n } = useTranslation();
  const isDesktop = useApp((app) => app.info?.host === 'desktop');
  const connection = useConnection((state) => state.opened);
  const [recent, setRecent] = useState<readonly RecentStory[] | null>(null);
  const [dialog, setDialog] = useState<'new' | 'folder' | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isOpening, setOpening] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setRecent(await client.projects.recent());
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  }, []);

  useEffect(() => {
    if (connection > 0) void refresh();
  }, [connection, refresh]);

  const open = async (opening: () => Promise<OpenedStory | null>) => {
    setOpening(true);
    setError(null);
    try {
      const opened = await opening();
      if (opened) onOpened(opened);
    } catch (thrown) {
      setError(AppError.from(thrown));
      await refresh();
    } finally {
      setOpening(false);
    }
  };

  const openFolder = () => {
    if (!isDesktop) {
      setDialog('folder');
      return;
    }
    void open(async () => {
      const folder = await client.projects.chooseFolder({ purpose: 'open' });
      return folder === null ? null : client.projects.open({ folder });
    });
  };

  const menuAction = useEffectEvent((action: MenuAction) => {
    if (action === 'new-story') setDialog('new');
    else if (action === 'open-story') openFolder();
  });
  useEffect(() => onMenuAction(menuAction), []);

  const forget = async ({ folder, title }: RecentStory) => {
    await client.projects.forget({ folder });
    tell(t('start.forgotten', { title }));
    await refresh();
  };

  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.name}>{t('app.name')}</h1>
          <p className={styles.tagline}>{t('start.tagline')}</p>
        </div>
        <div className={styles.options}>{options}</div>
      </header>
      <main className={styles.main} aria-busy={isOpening}>
        <section className={styles.begin} aria-label={t('start.newStory')}>
          <StartAction
            icon={<Plus size={20} aria-hidden />}
            title={t('start.newStory')}
            hint={t('start.newStoryHint')}
            isDisabled={isOpening}
            onPress={() => setDialog('new')}
          />
          <StartAction
            icon={<FolderOpen size={20} aria-hidden />}
            title={t('start.openFolder')}
            hint={t('start.openFolderHint')}
            isDisabled={isOpening}
            onPress={openFolder}
          />
          <StartAction
            icon={<BookOpen size={20} aria-hidden />}
            title={t('start.sample')}
            hint={t('start.sampleHint')}
            isDisabled={isOpening}
            onPress={() =>
              void open(() => client.projects.openSample({ language: i18n.language === 'zh' ? 'zh' : 'en' }))
            }
          />
          <p className={styles.honest}>{t('start.honest')}</p>
        </section>
        <section className={styles.recent} aria-labelledby="recent-title">
          <h2 id="recent-title" className={styles.sectionTitle}>
            {t('start.recent')}
          </h2>
          {error && <ErrorNote error={error} />}
          {recent === null && !error && <p className={styles.quiet}>{t('app.loading')}</p>}
          {recent?.length === 0 && <EmptyState title={t('start.noneYet')} hint={t('start.noneYetHint')} />}
          {recent !== null && recent.length > 0 && (
            <ul className={styles.cards}>
              {recent.map((story) => (
                <li key={story.folder}>
                  <RecentCard
                    story={story}
                    isDisabled={isOpening}
                    onOpen={() => void open(() => client.projects.open({ folder: story.folder }))}
                    onForget={() =>
                      void forget(story).catch((thrown: unknown) => setError(AppError.from(thrown)))
                    }
                  />
                </li>
              ))}
            </ul>
          )}
        </section>
      </main>
      {dialog === 'new' && <NewStoryDialog onClose={() => setDialog(null)} onOpened={onOpened} />}
      {dialog === 'folder' && <OpenFolderDialog onClose={() => setDialog(null)} onOpened={onOpened} />}
    </div>
  );
}
