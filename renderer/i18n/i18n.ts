import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '#shared/story/scene.ts';
import { en } from './en/index.ts';
import { zh } from './zh/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

/** The writer's language for a BCP 47 tag: Chinese for every kind of Chinese, else English. */
export const languageOf = (locale: string): Language => (/^zh\b/i.test(locale) ? 'zh' : 'en');

/** The interface language that a setting stands for on this machine. */
export const resolveLanguage = (setting: 'system' | Language, systemLocale: string): Language =>
  setting === 'system' ? languageOf(systemLocale) : setting;

/** Starts translation; texts are there when this returns. */
export function startI18n(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  showLanguage(language);
}

/** Switches the interface at once; every mounted component follows. */
export function showLanguage(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
