import { syntaxTree } from '@codemirror/language';
import {
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type Line,
  type SelectionRange,
  type StateCommand,
} from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';

/** Inline formats and the CommonMark that says them. */
export const inlineFormats = {
  bold: { node: 'StrongEmphasis', mark: '**' },
  italic: { node: 'Emphasis', mark: '*' },
  strike: { node: 'Strikethrough', mark: '~~' },
  code: { node: 'InlineCode', mark: '`' },
} as const;
export type InlineFormat = keyof typeof inlineFormats;

/** What the selection stands in; the toolbar shows it. */
export interface ActiveFormats {
  readonly inline: ReadonlySet<InlineFormat>;
  /** 1…6, or 0 outside headings. */
  readonly heading: number;
  readonly quote: boolean;
  readonly list: 'bullet' | 'ordered' | null;
  readonly link: boolean;
}

const headingOf = (line: string): number => /^ {0,3}(#{1,6})(?:\s|$)/.exec(line)?.[1]?.length ?? 0;

function enclosing(state: EditorState, range: SelectionRange, name: string): SyntaxNode | null {
  const tree = syntaxTree(state);
  for (const side of [-1, 1] as const) {
    for (let node: SyntaxNode | null = tree.resolveInner(range.from, side); node; node = node.parent) {
      if (node.name === name && node.from <= range.from && node.to >= range.to) return node;
    }
  }
  return null;
}

/** Reads off what the main selection stands in. */
export function activeFormats(state: EditorState): ActiveFormats {
  const range = state.selection.main;
  const inline = new Set<InlineFormat>();
  for (const [format, { node }] of Object.entries(inlineFormats)) {
    if (enclosing(state, range, node)) inline.add(format as InlineFormat);
  }
  return {
    inline,
    heading: headingOf(state.doc.lineAt(range.head).text),
    quote: enclosing(state, range, 'Blockquote') !== null,
    list: enclosing(state, range, 'BulletList')
      ? 'bullet'
      : enclosing(state, range, 'OrderedList')
        ? 'ordered'
        : null,
    link: enclosing(state, range, 'Link') !== null,
  };
}

/** A range without the white space at its ends; the word at a bare caret. */
function wordRange(state: EditorState, range: SelectionRange): SelectionRange {
  const chosen = range.empty ? (state.wordAt(range.head) ?? range) : range;
  const text = state.sliceDoc(chosen.from, chosen.to);
  const lead = text.length - text.trimStart().length;
  const kept = text.trim().length;
  return kept === 0 ? range : EditorSelection.range(chosen.from + lead, chosen.from + lead + kept);
}

/** One range for every paragraph that a range crosses: emphasis cannot cross a blank line. */
function perParagraph(state: EditorState, range: SelectionRange): SelectionRange[] {
  const text = state.sliceDoc(range.from, range.to);
  const ranges: SelectionRange[] = [];
  let from = range.from;
  for (const part of text.split(/(\n[ \t]*\n\s*)/)) {
    if (part.trim() !== '') ranges.push(EditorSelection.range(from, from + part.length));
    from += part.length;
  }
  return ranges.length === 0 ? [range] : ranges;
}

/** Sets the selection in a format, or takes it out of it. */
export const toggleInline =
  (format: InlineFormat): StateCommand =>
  ({ state, dispatch }) => {
    if (state.readOnly) return false;
    const { node: name, mark } = inlineFormats[format];
    const main = state.selection.main;
    const around = enclosing(state, main, name);
    if (around) {
      const marks = around.getChildren(
        format === 'code' ? 'CodeMark' : format === 'strike' ? 'StrikethroughMark' : 'EmphasisMark',
      );
      const [open, close] = [marks[0], marks.at(-1)];
      if (!open || !close) return false;
      dispatch(
        state.update({
          changes: [
            { from: open.from, to: open.to },
            { from: close.from, to: close.to },
          ],
          userEvent: `input.format.${format}`,
        }),
      );
      return true;
    }
    const ranges = perParagraph(state, main).map((range) => wordRange(state, range));
    const changes = ranges.flatMap((range): ChangeSpec[] => [
      { from: range.from, insert: mark },
      { from: range.to, insert: mark },
    ]);
    const first = ranges[0];
    const last = ranges.at(-1);
    if (!first || !last) return false;
    const added = mark.length * (ranges.length * 2 - 1);
    const selection = main.empty
      ? EditorSelection.cursor(main.head + mark.length)
      : EditorSelection.range(first.from + mark.length, last.to + added);
    dispatch(state.update({ changes, selection, scrollIntoView: true, userEvent: `input.format.${format}` }));
    return true;
  };

function selectedLines(state: EditorState): Line[] {
  const { from, to } = state.selection.main;
  const lines: Line[] = [];
  for (let at = from; ; ) {
    const line = state.doc.lineAt(at);
    lines.push(line);
    if (line.to >= to || line.to >= state.doc.length) return lines;
    at = line.to + 1;
  }
}

function changeLines(
  state: EditorState,
  dispatch: Parameters<StateCommand>[0]['dispatch'],
  userEvent: string,
  change: (line: Line, index: number) => { from: number; to: number; insert: string } | null,
): boolean {
  if (state.readOnly) return false;
  const changes = selectedLines(state).flatMap((line, index) => change(line, index) ?? []);
  if (changes.length === 0) return false;
  const set = state.changes(changes);
  dispatch(
    state.update({ changes: set, selection: state.selection.map(set, 1), scrollIntoView: true, userEvent }),
  );
  return true;
}

/** Makes the lines of the selection headings of a level; the same level again makes them text. */
export const setHeading =
  (level: number): StateCommand =>
  ({ state, dispatch }) => {
    const same = headingOf(state.doc.lineAt(state.selection.main.head).text) === level;
    return changeLines(state, dispatch, 'input.format.heading', (line) => {
      if (line.text.trim() === '' && !state.selection.main.empty) return null;
      const prefix = /^ {0,3}#{1,6}(?:[ \t]+|$)/.exec(line.text)?.[0] ?? '';
      const insert = same || level === 0 ? '' : `${'#'.repeat(level)} `;
      return { from: line.from, to: line.from + prefix.length, insert };
    });
  };

const togglePrefix =
  (name: string, pattern: RegExp, prefix: (index: number) => string): StateCommand =>
  ({ state, dispatch }) => {
    const filled = selectedLines(state).filter(({ text }) => text.trim() !== '');
    const all = filled.length > 0 && filled.every(({ text }) => pattern.test(text));
    const single = selectedLines(state).length === 1;
    let count = 0;
    return changeLines(state, dispatch, `input.format.${name}`, (line) => {
      const present = pattern.exec(line.text)?.[0] ?? '';
      if (all) return present === '' ? null : { from: line.from, to: line.from + present.length, insert: '' };
      if (present !== '' || (line.text.trim() === '' && !single && name !== 'quote')) return null;
      return { from: line.from, to: line.from, insert: prefix(count++) };
    });
  };

export const toggleQuote: StateCommand = togglePrefix('quote', /^ {0,3}> ?/, () => '> ');
export const toggleBulletList: StateCommand = togglePrefix('bullet', /^ {0,3}[-*+] +/, () => '- ');
export const toggleOrderedList: StateCommand = togglePrefix(
  'ordered',
  /^ {0,3}\d{1,9}[.)] +/,
  (index) => `${index + 1}. `,
);

/** The link that the selection stands in, or the text that would become one. */
export function linkAt(state: EditorState): { from: number; to: number; text: string; url: string } {
  const range = state.selection.main;
  const link = enclosing(state, range, 'Link');
  const [open, close] = link?.getChildren('LinkMark') ?? [];
  const url = link?.getChild('URL');
  if (link && open && close) {
    return {
      from: link.from,
      to: link.to,
      text: state.sliceDoc(open.to, close.from),
      url: url ? state.sliceDoc(url.from, url.to).replace(/^<|>$/g, '') : '',
    };
  }
  const word = wordRange(state, range);
  return { from: word.from, to: word.to, text: state.sliceDoc(word.from, word.to), url: '' };
}

/** CommonMark of a link; an empty address gives the text alone. */
export function linkMarkdown(text: string, url: string): string {
  const address = url.trim();
  if (address === '') return text;
  const target = /[\s()<>]/.test(address) ? `<${address.replace(/[<>\s]/g, encodeURIComponent)}>` : address;
  return `[${text.replace(/\n+/g, ' ') || address}](${target})`;
}
