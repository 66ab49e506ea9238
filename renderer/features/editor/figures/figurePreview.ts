import { syntaxTree } from '@codemirror/language';
import {
  type EditorState,
  type Extension,
  type Range,
  StateField,
  type Transaction,
} from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import { FigureWidget } from './FigureWidget.ts';
import { parseFigure } from './figureSyntax.ts';
import { type PictureContext, pictureContext } from './pictureContext.ts';

/** Where lines stand that read as figures, ascending; and what is drawn for them. */
interface Figures {
  readonly lines: readonly number[];
  readonly decorations: DecorationSet;
}

const figureLine = Decoration.line({ class: 'sl-figure-line' });

const standsAlone = (state: EditorState, number: number): boolean => {
  const { doc } = state;
  const blank = (other: number) => other < 1 || other > doc.lines || doc.line(other).text.trim() === '';
  return blank(number - 1) && blank(number + 1);
};

/** A figure's line may stand inside a code block or a comment; the parser knows. */
const isProse = (state: EditorState, at: number): boolean => {
  const { name } = syntaxTree(state).resolveInner(at, 1);
  return name !== 'CodeText' && name !== 'FencedCode' && name !== 'CodeBlock' && name !== 'HTMLBlock';
};

function scan(state: EditorState, from: number, to: number): number[] {
  const { doc } = state;
  const found: number[] = [];
  const first = doc.lineAt(from).number;
  const last = doc.lineAt(to).number;
  const lines = doc.iterLines(first, last + 1);
  let at = doc.line(first).from;
  for (const text of lines) {
    if (text.includes('![') && parseFigure(text)) found.push(at);
    at += text.length + 1;
  }
  return found;
}

function draw(state: EditorState, lines: readonly number[], context: PictureContext | null): DecorationSet {
  if (!context) return Decoration.none;
  const ranges: Range<Decoration>[] = [];
  for (const at of lines) {
    const line = state.doc.lineAt(at);
    const figure = parseFigure(line.text);
    if (!figure || !standsAlone(state, line.number) || !isProse(state, line.to)) continue;
    const widget = new FigureWidget(line.text, figure, context);
    ranges.push(figureLine.range(line.from));
    ranges.push(Decoration.widget({ widget, block: true, side: 1 }).range(line.to));
  }
  return Decoration.set(ranges, true);
}

/** Looks again only at lines that changed; the rest moves along. */
function rescan(lines: readonly number[], transaction: Transaction): number[] {
  const { state, changes } = transaction;
  const found = new Set<number>();
  const touched: { from: number; to: number }[] = [];
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    touched.push({ from: state.doc.lineAt(fromB).from, to: state.doc.lineAt(toB).to });
  });
  for (const range of touched) for (const at of scan(state, range.from, range.to)) found.add(at);
  for (const before of lines) {
    const at = changes.mapPos(before, 1);
    if (at > state.doc.length || touched.some(({ from, to }) => at >= from && at <= to)) continue;
    found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

const figuresField = StateField.define<Figures>({
  create(state) {
    const lines = scan(state, 0, state.doc.length);
    return { lines, decorations: draw(state, lines, state.facet(pictureContext)) };
  },
  update(figures, transaction) {
    const { state, startState } = transaction;
    const context = state.facet(pictureContext);
    const lines = transaction.docChanged ? rescan(figures.lines, transaction) : figures.lines;
    const redraw =
      context !== startState.facet(pictureContext) ||
      (lines.length > 0 && (transaction.docChanged || syntaxTree(state) !== syntaxTree(startState)));
    if (!redraw && lines.length === figures.lines.length) {
      return transaction.docChanged
        ? { lines, decorations: figures.decorations.map(transaction.changes) }
        : figures;
    }
    return { lines, decorations: draw(state, lines, context) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ decorations }) => decorations),
});

/** Draws every picture that stands alone in a paragraph as a figure under its line of source. */
export const figurePreview: Extension = figuresField;
