import type { SceneId } from '#shared/story/ids.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import type { TextSource } from './text/storyBinding.ts';

/** A scene of the open story as the editor's text source; `labelOf` names a step of undo by what it comes from. */
export const sceneText = (sceneId: SceneId, labelOf: (event: string) => string): TextSource => ({
  read: () => useStoryStore.getState().story?.scenes[sceneId]?.text ?? null,
  send: (edits, { mergeKey, event }) =>
    dispatch([{ kind: 'text.edit', id: sceneId, edits: [...edits] }], {
      label: labelOf(event),
      merge: mergeKey,
    }),
  subscribe: (listener) => useStoryStore.subscribe(listener),
});
