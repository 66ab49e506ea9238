import type { Language } from '#shared/story/scene.ts';

/** The language a passage is really written in, as far as choosing a model for it goes. */
export function languageOf(passage: string, told: Language): Language {
  const letters = passage.match(/\p{L}/gu)?.length ?? 0;
  const han = passage.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (letters === 0) return told;
  return han / letters > 0.3 ? 'zh' : 'en';
}
