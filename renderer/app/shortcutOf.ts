import type { MenuAction } from '#shared/contract/studio.ts';

export interface Chord {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const withControl: Readonly<Record<string, MenuAction>> = {
  s: 'save',
  z: 'undo',
  y: 'redo',
  ',': 'settings',
};
const withControlShift: Readonly<Record<string, MenuAction>> = {
  s: 'snapshot',
  z: 'redo',
  f: 'find-in-project',
  // Chinese input methods take Ctrl+Shift+F to switch between simplified and traditional characters.
  h: 'find-in-project',
  e: 'export-book',
};

/** What a key combination asks for on the desk; `null` where it asks for nothing. Ctrl and Cmd are the same. */
export function shortcutOf({
  key,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: Chord): MenuAction | 'shortcuts' | null {
  if (altKey) return null;
  if (!ctrlKey && !metaKey) return key === 'F8' ? 'focus-mode' : key === 'F1' ? 'shortcuts' : null;
  return (shiftKey ? withControlShift : withControl)[key.toLowerCase()] ?? null;
}
