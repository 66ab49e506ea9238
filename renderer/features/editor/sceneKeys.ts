import { defaultKeymap } from '@codemirror/commands';
import { deleteMarkupBackward } from '@codemirror/lang-markdown';
import { findNext, findPrevious } from '@codemirror/search';
import { type Extension, Prec } from '@codemirror/state';
import { type Command, EditorView, type KeyBinding, keymap } from '@codemirror/view';
import { focusFigure } from './figures/figureCommands.ts';
import { enter, lineBreak } from './format/enter.ts';
import { setHeading, toggleInline } from './format/formats.ts';

/** What keys do that is not the editor's own business. A command answers `false` where the key is not for it. */
export interface SceneActions {
  undo(): boolean;
  redo(): boolean;
  /** Hands what was typed to the story, before somebody else saves it. */
  flush(): void;
  openFind(replace: boolean): void;
  openLink(): void;
  openPictures(): void;
  toggleMarkup(): void;
  writeOn(): boolean;
  stopOrReject(): boolean;
  accept(): boolean;
  pageAlternatives(step: -1 | 1): boolean;
}

const done =
  (run: () => void): Command =>
  () => {
    run();
    return true;
  };

const passOn =
  (run: () => void): Command =>
  () => {
    run();
    return false;
  };

/** Ctrl+Shift+letter, told apart from Ctrl+letter also while Caps Lock turns the letter around. */
function runShifted(
  commands: Readonly<Record<string, Command>>,
  event: KeyboardEvent,
  view: EditorView,
): boolean {
  if (event.isComposing || !event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return false;
  const command = commands[event.key.toLowerCase()];
  if (!command) return false;
  event.preventDefault();
  command(view);
  return true;
}

/**
 * Keys of the scene editor; CodeMirror runs none of them while an input method composes. Undo and redo are the
 * story's. Tab is taken only while a suggestion waits or the caret stands at a figure, so it leaves the text otherwise.
 */
export function sceneKeys(actions: SceneActions): Extension {
  const keys: KeyBinding[] = [
    { key: 'Mod-z', run: () => actions.undo(), preventDefault: true },
    { key: 'Mod-y', run: () => actions.redo(), preventDefault: true },
    { key: 'Mod-s', run: passOn(() => actions.flush()) },
    { key: 'Mod-b', run: toggleInline('bold'), preventDefault: true },
    { key: 'Mod-i', run: toggleInline('italic'), preventDefault: true },
    ...[1, 2, 3, 4].map((level) => ({ key: `Mod-${level}`, run: setHeading(level), preventDefault: true })),
    { key: 'Mod-0', run: setHeading(0), preventDefault: true },
    { key: 'Mod-k', run: done(() => actions.openLink()), preventDefault: true },
    { key: 'Mod-f', run: done(() => actions.openFind(false)), preventDefault: true },
    { key: 'Mod-h', run: done(() => actions.openFind(true)), preventDefault: true },
    { key: 'F3', run: findNext, shift: findPrevious, preventDefault: true },
    { key: 'Mod-Alt-m', run: done(() => actions.toggleMarkup()), preventDefault: true },
    { key: 'Mod-Enter', run: () => actions.writeOn(), preventDefault: true },
    { key: 'Escape', run: () => actions.stopOrReject() },
    { key: 'Tab', run: (view) => actions.accept() || focusFigure(view) },
    { key: 'Alt-ArrowLeft', run: () => actions.pageAlternatives(-1) },
    { key: 'Alt-ArrowRight', run: () => actions.pageAlternatives(1) },
    { key: 'Enter', run: enter, shift: lineBreak },
    { key: 'Backspace', run: deleteMarkupBackward },
  ];
  const shifted: Readonly<Record<string, Command>> = {
    z: () => actions.redo(),
    x: toggleInline('strike'),
    i: done(() => actions.openPictures()),
  };
  return [
    Prec.highest(EditorView.domEventHandlers({ keydown: (event, view) => runShifted(shifted, event, view) })),
    Prec.high(keymap.of(keys)),
    keymap.of(defaultKeymap),
  ];
}
