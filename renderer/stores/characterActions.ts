import { t } from 'i18next';
import type { CommandOf } from '#shared/story/commands.ts';
import { createCharacter } from '#shared/story/create.ts';
import type { CharacterId } from '#shared/story/ids.ts';
import { tell } from './notices.ts';
import { openCharacter, select, useSelection } from './selectionStore.ts';
import { dispatch, openStory, undo } from './storyStore.ts';

/** Adds a character at the end of the list and opens the sheet. */
export function addCharacter(): void {
  const character = createCharacter({ name: t('character.newName') });
  const index = openStory().story.characterOrder.length;
  if (dispatch([{ kind: 'character.add', character, index }], { label: t('step.addCharacter') })) {
    openCharacter(character.id);
  }
}

/** Changes the sheet; changes of the same field in a row become one step of undo. */
export function changeCharacter(
  id: CharacterId,
  patch: CommandOf<'character.update'>['patch'],
  field: string,
): void {
  dispatch([{ kind: 'character.update', id, patch }], {
    label: t('step.characterDetails'),
    merge: `character:${id}:${field}`,
  });
}

export const moveCharacter = (id: CharacterId, index: number): boolean =>
  dispatch([{ kind: 'character.move', id, index }], { label: t('step.moveCharacter') });

/** Moves a character to the trash, and offers to take that back. */
export function deleteCharacter(id: CharacterId): void {
  const name = openStory().story.characters[id]?.name || t('app.untitled');
  const deletedAt = new Date().toISOString();
  if (
    !dispatch([{ kind: 'character.delete', id, deletedAt }], { label: t('step.deleteCharacter', { name }) })
  )
    return;
  if (useSelection.getState().characterId === id) select({ characterId: null });
  tell(t('trash.movedToTrash', { title: name }), { label: t('desk.undo'), run: undo });
}
