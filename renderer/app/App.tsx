import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStoryStore } from '../stores/storyStore.ts';
import styles from './App.module.css';
import { AppDialogs } from './AppDialogs.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { Desk } from './Desk.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { StartPage } from './StartPage.tsx';
import { Toasts } from './Toasts.tsx';
import { useInterface } from './useInterface.ts';

/** The whole window: the desk while a story is open, else the start screen. */
export function App() {
  const { i18n } = useTranslation();
  const isOpen = useStoryStore((state) => state.opened !== null);
  useInterface();
  return (
    <I18nProvider locale={i18n.language === 'zh' ? 'zh-CN' : 'en-US'}>
      <div className={styles.app}>
        <ConnectionBanner />
        <ErrorBoundary>
          {isOpen ? <Desk /> : <StartPage />}
          <AppDialogs />
        </ErrorBoundary>
        <Toasts />
      </div>
    </I18nProvider>
  );
}
