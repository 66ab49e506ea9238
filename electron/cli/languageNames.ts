import { AppError } from '#shared/errors/AppError.ts';
import type { Language } from '#shared/story/scene.ts';

const names: Readonly<Record<string, Language>> = { english: 'en', chinese: 'zh', en: 'en', zh: 'zh' };

/** `english`, `chinese`, `en` or `zh`, in any case. Errors: input/invalid naming the accepted ones. */
export function languageNamed(name: string, key = 'language'): Language {
  const language = Object.hasOwn(names, name.toLowerCase()) ? names[name.toLowerCase()] : undefined;
  if (language) return language;
  throw new AppError('input/invalid', `${key}: "${name}" is not a language; use english or chinese`, {
    details: { key, accepted: Object.keys(names) },
  });
}

/** The specification's name of a language. */
export const languageName = (language: Language): 'english' | 'chinese' =>
  language === 'zh' ? 'chinese' : 'english';

/** The language of messages, by the environment's locale. */
export function systemLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const locale =
    env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || Intl.DateTimeFormat().resolvedOptions().locale;
  return /^zh/i.test(locale) ? 'zh' : 'en';
}
