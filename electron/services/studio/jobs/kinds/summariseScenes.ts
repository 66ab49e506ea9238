import { unsummarised } from '#shared/story/unsummarised.ts';
import type { JobKind } from '../JobKind.ts';
import { type Composer, composeScene } from './composeScene.ts';

/** Has a summary of each scene proposed, in the scene's language. */
export const summariseScenes = (tasks: Composer): JobKind<'summarise-scenes'> => ({
  lane: 'engine',
  plan: ({ story }, { language }) => unsummarised(story, language),
  run: (item, { session, signal }) =>
    composeScene(tasks, session, { item, purpose: 'summary', languageFor: ({ lang }) => lang }, signal),
});
