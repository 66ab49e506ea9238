import { untranslated } from '#shared/story/translation.ts';
import type { JobKind } from '../JobKind.ts';
import { type Composer, composeScene } from './composeScene.ts';

/** Has each scene translated, by a model that speaks both languages. */
export const translateScenes = (tasks: Composer): JobKind<'translate-scenes'> => ({
  lane: 'engine',
  plan: ({ story }, { language }) => untranslated(story, language),
  run: (item, { session, options: { language }, signal }) =>
    composeScene(tasks, session, { item, purpose: 'translation', languageFor: () => language }, signal),
});
