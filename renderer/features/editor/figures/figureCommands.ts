import type { EditorView } from '@codemirror/view';
import { parseFigure } from './figureSyntax.ts';

/** Takes the figure on the line at `at` out of the text, with the blank line that set it off. */
export function removeFigure(view: EditorView, at: number): void {
  const { doc } = view.state;
  const line = doc.lineAt(at);
  if (!parseFigure(line.text)) return;
  const next = line.number < doc.lines ? doc.line(line.number + 1) : null;
  const previous = line.number > 1 ? doc.line(line.number - 1) : null;
  const from = !next && previous ? previous.from : line.from;
  const after = next?.text === '' ? next.to + 1 : line.to + 1;
  view.dispatch({
    changes: { from, to: Math.min(after, doc.length) },
    selection: { anchor: Math.min(from, doc.length - (Math.min(after, doc.length) - from)) },
    userEvent: 'delete.figure',
  });
  view.focus();
}

/** Moves the figure on the line at `at` past the paragraph above or below it. */
export function moveFigure(view: EditorView, at: number, direction: 'up' | 'down'): void {
  const { doc } = view.state;
  const line = doc.lineAt(at);
  if (!parseFigure(line.text)) return;
  const other = neighbour(view, line.number, direction);
  if (!other) return;
  const block = line.text;
  const [first, second] = direction === 'up' ? [other, line] : [line, other];
  const between = doc.sliceString(first.to, second.from, '\n');
  const otherText = doc.sliceString(other.from, other.to, '\n');
  const moved = direction === 'up' ? `${block}${between}${otherText}` : `${otherText}${between}${block}`;
  const anchor = direction === 'up' ? first.from : first.from + moved.length - block.length;
  view.dispatch({
    changes: { from: first.from, to: second.to, insert: view.state.toText(moved) },
    selection: { anchor: anchor + block.length },
    scrollIntoView: true,
    userEvent: 'move.figure',
  });
}

/** The nearest run of lines that are not blank, above or below a line. */
function neighbour(
  view: EditorView,
  lineNumber: number,
  direction: 'up' | 'down',
): { from: number; to: number } | null {
  const { doc } = view.state;
  const step = direction === 'up' ? -1 : 1;
  const inside = (number: number) => number >= 1 && number <= doc.lines;
  let number = lineNumber + step;
  while (inside(number) && doc.line(number).text.trim() === '') number += step;
  if (!inside(number)) return null;
  const nearest = number;
  while (inside(number + step) && doc.line(number + step).text.trim() !== '') number += step;
  const [top, bottom] = direction === 'up' ? [number, nearest] : [nearest, number];
  return { from: doc.line(top).from, to: doc.line(bottom).to };
}

/** From the line of a figure's source into its first field; `false` where the caret stands elsewhere. */
export function focusFigure(view: EditorView): boolean {
  const line = view.state.doc.lineAt(view.state.selection.main.head);
  if (!parseFigure(line.text)) return false;
  for (const figure of view.contentDOM.querySelectorAll<HTMLElement>('.sl-figure')) {
    if (view.state.doc.lineAt(view.posAtDOM(figure)).number !== line.number) continue;
    figure.querySelector<HTMLInputElement>('input')?.focus();
    return true;
  }
  return false;
}
