import { EditorState, type Extension, type Range } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** Keeps the line with the caret in the middle of the window while the writer types or moves it by key. */
export const typewriter: Extension = [
  EditorState.transactionExtender.of((transaction) => {
    const byKey = transaction.isUserEvent('input') || transaction.isUserEvent('delete');
    const moved = transaction.isUserEvent('select') && !transaction.isUserEvent('select.pointer');
    if (!byKey && !moved) return null;
    return { effects: EditorView.scrollIntoView(transaction.newSelection.main.head, { y: 'center' }) };
  }),
  EditorView.editorAttributes.of({ class: 'sl-typewriter' }),
];

const here = Decoration.line({ class: 'sl-here' });

function paragraphOf(state: EditorState): DecorationSet {
  const { doc, selection } = state;
  const blank = (number: number) => doc.line(number).text.trim() === '';
  let first = doc.lineAt(selection.main.from).number;
  let last = doc.lineAt(selection.main.to).number;
  while (first > 1 && !blank(first) && !blank(first - 1)) first -= 1;
  while (last < doc.lines && !blank(last) && !blank(last + 1)) last += 1;
  const ranges: Range<Decoration>[] = [];
  for (let number = first; number <= last; number++) ranges.push(here.range(doc.line(number).from));
  return Decoration.set(ranges);
}

/** Dims every paragraph but the one being written. */
export const focusMode: Extension = [
  EditorView.editorAttributes.of({ class: 'sl-focus-mode' }),
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = paragraphOf(view.state);
      }
      update(update: ViewUpdate): void {
        if (update.view.composing) this.decorations = this.decorations.map(update.changes);
        else if (update.docChanged || update.selectionSet) this.decorations = paragraphOf(update.state);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
];
