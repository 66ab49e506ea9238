import { create } from 'zustand';
import type { CharacterId, ImageId, SceneId } from '#shared/story/ids.ts';

type LeftTab = 'outline' | 'characters' | 'pictures' | 'trash';
type RightTab = 'scene' | 'character' | 'assistant';

/** A range of the current scene's text, UTF-16. */
interface TextSelection {
  readonly sceneId: SceneId;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What is open and chosen on the desk. */
export interface Selection {
  readonly sceneId: SceneId | null;
  readonly characterId: CharacterId | null;
  /** The picture whose details are shown. */
  readonly imageId: ImageId | null;
  readonly left: LeftTab;
  readonly right: RightTab;
  readonly focusMode: boolean;
  /** Selected prose, as the editor reports it; a search hit to show is put here by others. */
  readonly text: TextSelection | null;
  /** A place the editor is asked to scroll to and select; the editor sets it back to `null`. */
  readonly reveal: TextSelection | null;
}

const initial: Selection = {
  sceneId: null,
  characterId: null,
  imageId: null,
  left: 'outline',
  right: 'scene',
  focusMode: false,
  text: null,
  reveal: null,
};

export const useSelection = create<Selection>(() => initial);

export const select = (patch: Partial<Selection>): void => useSelection.setState(patch);
export const resetSelection = (): void => useSelection.setState(initial);

export const openScene = (sceneId: SceneId): void =>
  useSelection.setState((now) => (now.sceneId === sceneId ? now : { sceneId, text: null }));

export const openCharacter = (characterId: CharacterId): void =>
  useSelection.setState({ characterId, right: 'character' });
