import { Settings } from '#shared/settings.ts';

/** The mirror that a writer means, with its scheme; empty for none, `null` where it is no address of a server. */
export function readMirror(text: string): string | null {
  const typed = text.trim().replace(/\/+$/, '');
  if (typed === '') return '';
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (!url || !/[.:]|^localhost$/.test(url.hostname)) return null;
  return Settings.shape.modelHub.safeParse(url.href.replace(/\/+$/, '')).data ?? null;
}
