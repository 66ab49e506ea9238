import { useEffect } from 'react';
import { resolveLanguage, showLanguage } from '../i18n/i18n.ts';
import { useApp } from '../stores/appStore.ts';
import { useSettings } from '../stores/settingsStore.ts';
import { resolveTheme, type Theme, watchSystemTheme } from './theme.ts';

const showTheme = (theme: Theme) => {
  document.documentElement.dataset['theme'] = theme;
};

/** Keeps the page's language and theme as the settings say; `system` follows the machine while it changes. */
export function useInterface(): void {
  const uiLanguage = useSettings((settings) => settings.uiLanguage);
  const theme = useSettings((settings) => settings.theme);
  const locale = useApp((app) => app.info?.locale ?? navigator.language);

  useEffect(() => {
    showLanguage(resolveLanguage(uiLanguage, locale));
  }, [uiLanguage, locale]);

  useEffect(() => {
    showTheme(resolveTheme(theme));
    return theme === 'system' ? watchSystemTheme(() => showTheme(resolveTheme(theme))) : undefined;
  }, [theme]);
}
