import { useTranslation } from 'react-i18next';
import type { Language } from '#shared/story/scene.ts';

/** The language of the interface as a story language. */
export function useInterfaceLanguage(): Language {
  return useTranslation().i18n.language === 'zh' ? 'zh' : 'en';
}
