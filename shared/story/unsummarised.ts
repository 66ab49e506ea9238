import type { SceneId } from './ids.ts';
import { sceneOrder } from './outline.ts';
import type { Language, Scene } from './scene.ts';
import type { Story } from './story.ts';

/** Whether there is anything written in a scene, told without reading its text. */
export const isWritten = ({ counts }: Scene): boolean => counts.charactersNoSpaces > 0;

/** Scenes written in this language that nobody has summed up, in the story's order. */
export const unsummarised = ({ outline, scenes }: Story, language: Language): SceneId[] =>
  sceneOrder(outline).filter((id) => {
    const scene = scenes[id];
    return scene?.lang === language && isWritten(scene) && scene.summary.trim() === '';
  });
