import type { ModelFamily } from '#shared/models/manifest.ts';
import type { TaskKind } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';

type Strengths = Readonly<Record<Language, readonly ModelFamily[]>>;

const nobody: Strengths = { en: [], zh: [] };

/**
 * Families that are better at a task than the others, so long as the writer has not said otherwise: captions are what
 * BLIP-2 and Florence-2 were trained on, stories suit LLaVA, Chinese suits Qwen-VL, and texts are compared best by an encoder of sentences.
 */
export const familyStrengths: Readonly<Record<TaskKind, Strengths>> = {
  write: nobody,
  compose: nobody,
  rank: { en: ['embedding'], zh: ['embedding'] },
  answer: { en: ['llava', 'blip2'], zh: ['qwenvl'] },
  describe: { en: ['blip2', 'florence2'], zh: ['qwenvl'] },
  tell: { en: ['llava'], zh: ['qwenvl'] },
};
