import { insertNewlineContinueMarkup } from '@codemirror/lang-markdown';
import { syntaxTree } from '@codemirror/language';
import { EditorSelection, type EditorState, type StateCommand } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';

const isInside = (state: EditorState, at: number, names: ReadonlySet<string>): boolean => {
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(at, -1); node; node = node.parent) {
    if (names.has(node.name)) return true;
  }
  return false;
};

const markup = new Set(['ListItem', 'Blockquote']);
const code = new Set(['FencedCode', 'CodeBlock', 'HTMLBlock']);

/** Enter: the next item in a list, the next line in a quote or in code, else a new paragraph. */
export const enter: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const { from } = state.selection.main;
  if (isInside(state, from, markup) && insertNewlineContinueMarkup({ state, dispatch })) return true;
  const inCode = isInside(state, from, code);
  dispatch(
    state.update(
      state.changeByRange((range) => {
        const line = state.doc.lineAt(range.from);
        const beforeCaret = line.text.slice(0, range.from - line.from);
        const insert = inCode || beforeCaret.trim() === '' ? '\n' : '\n\n';
        const spaces =
          /^[ \t]*/.exec(state.sliceDoc(range.to, state.doc.lineAt(range.to).to))?.[0].length ?? 0;
        const to = insert === '\n' ? range.to : range.to + spaces;
        return {
          changes: { from: range.from, to, insert: state.toText(insert) },
          range: EditorSelection.cursor(range.from + insert.length),
        };
      }),
      { scrollIntoView: true, userEvent: 'input' },
    ),
  );
  return true;
};

/** Shift+Enter: a line break inside the paragraph. */
export const lineBreak: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const { from, to } = state.selection.main;
  const insert = isInside(state, from, code) ? '\n' : '\\\n';
  dispatch(
    state.update({
      changes: { from, to, insert: state.toText(insert) },
      selection: { anchor: from + insert.length },
      scrollIntoView: true,
      userEvent: 'input',
    }),
  );
  return true;
};
