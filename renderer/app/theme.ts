import type { Settings } from '#shared/settings.ts';

export type Theme = 'light' | 'dark' | 'contrast';

const contrastQuery = '(prefers-contrast: more)';
const darkQuery = '(prefers-color-scheme: dark)';

/** The theme that a setting stands for on this machine, now. */
export function resolveTheme(setting: Settings['theme']): Theme {
  if (setting !== 'system') return setting;
  if (window.matchMedia(contrastQuery).matches) return 'contrast';
  return window.matchMedia(darkQuery).matches ? 'dark' : 'light';
}

/** Calls `changed` when the system switches its theme, until the returned function is called. */
export function watchSystemTheme(changed: () => void): () => void {
  const queries = [contrastQuery, darkQuery].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
  };
}
