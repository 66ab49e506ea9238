import type { OpenedStory } from '#shared/contract/studio.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { openScene, resetSelection, select } from '../stores/selectionStore.ts';
import { showStory } from '../stores/storyStore.ts';

/** Puts an opened story on the desk, at its first scene. */
export function enterStory(opened: OpenedStory): void {
  resetSelection();
  const [first] = sceneOrder(opened.story.outline);
  if (first !== undefined) openScene(first);
  select({ characterId: opened.story.characterOrder[0] ?? null });
  showStory(opened);
}
