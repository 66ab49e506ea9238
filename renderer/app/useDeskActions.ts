import { useEffect } from 'react';
import type { MenuAction } from '#shared/contract/studio.ts';
import type { Command } from '#shared/story/commands.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { onMenuAction, openDialog, runMenuAction } from '../stores/appStore.ts';
import { openCharacter, openScene, select, useSelection } from '../stores/selectionStore.ts';
import { endMerge, flushStory, redo, saveNow, undo, useStoryStore } from '../stores/storyStore.ts';
import { isSceneId } from './isSceneId.ts';
import { leaveStory } from './leaveStory.ts';
import { shortcutOf } from './shortcutOf.ts';

/** Shows the place that undo or redo changed. */
function showPlace(commands: readonly Command[]): void {
  const { story } = useStoryStore.getState();
  const last = commands.at(-1);
  if (!story || !last) return;
  if (last.kind === 'text.edit' || last.kind === 'scene.update') {
    if (sceneOrder(story.outline).includes(last.id)) openScene(last.id);
  } else if (last.kind === 'character.update' && story.characterOrder.includes(last.id)) {
    openCharacter(last.id);
  } else if ('owner' in last && last.owner.kind === 'character') {
    openCharacter(last.owner.id);
  }
  const { sceneId } = useSelection.getState();
  if (sceneId !== null && !isSceneId(story, sceneId)) select({ sceneId: null, text: null });
}

function carryOut(action: MenuAction): void {
  switch (action) {
    case 'undo':
      showPlace(undo());
      return;
    case 'redo':
      showPlace(redo());
      return;
    case 'save':
      void saveNow();
      return;
    case 'snapshot':
      openDialog('snapshots');
      return;
    case 'export-book':
      openDialog('export');
      return;
    case 'find-in-project':
      openDialog('find');
      return;
    case 'focus-mode':
      select({ focusMode: !useSelection.getState().focusMode });
      return;
    case 'close-story':
      void leaveStory();
      return;
    case 'new-story':
    case 'open-story':
      void leaveStory().then(() => {
        if (useStoryStore.getState().story === null) setTimeout(() => runMenuAction(action));
      });
      return;
    case 'find':
    case 'settings':
    case 'models':
      return;
  }
}

/** A field with its own text that is not part of the story keeps the browser's undo. */
const hasOwnUndo = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input, textarea') &&
  !target.hasAttribute('data-story-field');

/** What may be asked for while a dialog is in front; it shows parts of the story too. */
const dialogActions: ReadonlySet<MenuAction> = new Set(['undo', 'redo', 'save']);
const isDialogOpen = (): boolean => document.querySelector('[data-app-dialog]') !== null;

/** Menu actions and keys of the desk; also sends what waits when the window loses focus or a scene is left. */
export function useDeskActions(): void {
  useEffect(() => onMenuAction(carryOut), []);
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return;
      const action = shortcutOf(event);
      if (action === null) return;
      if (action === 'shortcuts') {
        event.preventDefault();
        if (!isDialogOpen()) openDialog('shortcuts');
        return;
      }
      if (isDialogOpen() && !dialogActions.has(action)) return;
      if ((action === 'undo' || action === 'redo') && hasOwnUndo(event.target)) return;
      event.preventDefault();
      runMenuAction(action);
    };
    const left = () => void flushStory().then(saveNow, () => undefined);
    const unsubscribe = useSelection.subscribe((now, before) => {
      if (now.sceneId === before.sceneId) return;
      endMerge();
      left();
    });
    window.addEventListener('keydown', keyed);
    window.addEventListener('blur', left);
    return () => {
      unsubscribe();
      window.removeEventListener('keydown', keyed);
      window.removeEventListener('blur', left);
    };
  }, []);
}
