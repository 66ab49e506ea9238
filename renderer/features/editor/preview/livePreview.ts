import { syntaxTree } from '@codemirror/language';
import { type EditorState, Facet, type Range, StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  type PluginValue,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import type { SyntaxNodeRef } from '@lezer/common';

/** Whether markup stays visible everywhere. */
export const showMarkup = Facet.define<boolean, boolean>({ combine: (values) => values.some(Boolean) });

/** Asks for the decorations to be made again, after an input method is done. */
const refresh = StateEffect.define<null>();

class Bullet extends WidgetType {
  override eq(): boolean {
    return true;
  }
  override toDOM(): HTMLElement {
    const bullet = document.createElement('span');
    bullet.className = 'sl-bullet';
    bullet.textContent = '•';
    return bullet;
  }
}

class Rule extends WidgetType {
  override eq(): boolean {
    return true;
  }
  override toDOM(): HTMLElement {
    const rule = document.createElement('span');
    rule.className = 'sl-rule';
    rule.setAttribute('role', 'separator');
    return rule;
  }
}

const hidden = Decoration.replace({});
const bullet = Decoration.replace({ widget: new Bullet() });
const rule = Decoration.replace({ widget: new Rule() });
const shownMark = Decoration.mark({ class: 'sl-shown-mark' });
const headingMark = Decoration.mark({ class: 'sl-heading-mark' });
const headings = [1, 2, 3, 4, 5, 6].map((level) => Decoration.line({ class: `sl-h sl-h${level}` }));
const quoteLine = Decoration.line({ class: 'sl-quote-line' });
const codeLine = Decoration.line({ class: 'sl-code-line' });
const figureSource = Decoration.line({ class: 'sl-figure-source' });
const inlinePicture = Decoration.mark({ class: 'sl-inline-picture' });
const itemLine = Decoration.line({ class: 'sl-item-line' });
/** The blank line that ends a paragraph: shown as a gap, stepped over by the caret. */
const gapLine = Decoration.line({ class: 'sl-gap' });
const gap = Decoration.mark({});

interface Ranges {
  readonly decorations: Range<Decoration>[];
  readonly atoms: Range<Decoration>[];
}

const touches = (state: EditorState, from: number, to: number): boolean =>
  state.selection.ranges.some((range) => range.from <= to && range.to >= from);

class Builder implements Ranges {
  readonly decorations: Range<Decoration>[] = [];
  readonly atoms: Range<Decoration>[] = [];
  readonly #state: EditorState;
  /** Markup shows where the caret is only while the editor is being used. */
  readonly #reveals: boolean;
  readonly #revealsAll: boolean;
  #lastLine = -1;

  constructor(view: EditorView) {
    this.#state = view.state;
    this.#reveals = view.hasFocus;
    this.#revealsAll = view.state.facet(showMarkup);
  }

  addRange(from: number, to: number): void {
    syntaxTree(this.#state).iterate({ from, to, enter: (node) => this.#enter(node) });
    if (!this.#revealsAll) this.#addGaps(from, to);
  }

  #revealed(from: number, to: number): boolean {
    return this.#revealsAll || (this.#reveals && touches(this.#state, from, to));
  }

  #lineRevealed(at: number): boolean {
    const line = this.#state.doc.lineAt(at);
    return this.#revealed(line.from, line.to);
  }

  #hide(from: number, to: number): void {
    if (from < to && this.#state.doc.lineAt(from).to >= to) this.decorations.push(hidden.range(from, to));
  }

  #eachLine(from: number, to: number, decoration: Decoration): void {
    for (let at = from; at <= to; ) {
      const line = this.#state.doc.lineAt(at);
      this.decorations.push(decoration.range(line.from));
      at = line.to + 1;
    }
  }

  #enter(node: SyntaxNodeRef): boolean {
    const { name, from, to } = node;
    const heading = /^(?:ATX|Setext)Heading(\d)$/.exec(name);
    if (heading) this.#eachLine(from, to, headings[Number(heading[1]) - 1] ?? gapLine);
    switch (name) {
      case 'HeaderMark':
        this.#headerMark(node);
        return true;
      case 'Blockquote':
        if (node.node.parent?.name !== 'Blockquote') this.#eachLine(from, to, quoteLine);
        return true;
      case 'FencedCode':
      case 'CodeBlock':
        this.#eachLine(from, to, codeLine);
        return true;
      case 'ListItem':
        this.decorations.push(itemLine.range(this.#state.doc.lineAt(from).from));
        return true;
      case 'ListMark':
        if (node.node.parent?.parent?.name === 'BulletList' && !this.#revealed(from, to)) {
          this.decorations.push(bullet.range(from, to));
        }
        return true;
      case 'QuoteMark':
        if (!this.#lineRevealed(from)) this.#hide(from, this.#afterSpace(to));
        return true;
      case 'HorizontalRule':
        if (!this.#revealed(from, to)) this.decorations.push(rule.range(from, to));
        return true;
      case 'Link':
        this.#link(node);
        return true;
      case 'Image':
        this.decorations.push(inlinePicture.range(from, to));
        if (this.#lineRevealed(from))
          this.decorations.push(figureSource.range(this.#state.doc.lineAt(from).from));
        return false;
      case 'Escape':
        if (!this.#revealed(from, to)) this.#hide(from, from + 1);
        return true;
      case 'EmphasisMark':
      case 'StrikethroughMark':
        this.#inlineMark(node);
        return true;
      case 'CodeMark':
        if (node.node.parent?.name === 'InlineCode') this.#inlineMark(node);
        return true;
      default:
        return true;
    }
  }

  #afterSpace(at: number): number {
    return this.#state.sliceDoc(at, at + 1) === ' ' ? at + 1 : at;
  }

  #headerMark({ from, to, node }: SyntaxNodeRef): void {
    const heading = node.parent;
    if (!heading) return;
    const opens = from === heading.from && heading.name.startsWith('ATX');
    if (this.#lineRevealed(from)) {
      if (opens) this.decorations.push(headingMark.range(from, to));
      return;
    }
    if (opens) this.#hide(from, this.#afterSpace(to));
    else if (heading.name.startsWith('ATX')) this.#hide(from, to);
  }

  #inlineMark({ from, to, node }: SyntaxNodeRef): void {
    const element = node.parent;
    if (!element) return;
    if (this.#revealed(element.from, element.to)) this.decorations.push(shownMark.range(from, to));
    else this.#hide(from, to);
  }

  #link({ from, to, node }: SyntaxNodeRef): void {
    if (this.#revealed(from, to)) return;
    const [open, close] = node.getChildren('LinkMark');
    if (!open || !close || close.from === open.to) return;
    this.#hide(open.from, open.to);
    this.#hide(close.from, to);
  }

  /** A single blank line between two paragraphs is their gap. Further blank lines stay lines. */
  #addGaps(from: number, to: number): void {
    const { doc } = this.#state;
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      const isGap =
        line.number > this.#lastLine &&
        line.length === 0 &&
        line.number > 1 &&
        line.number < doc.lines &&
        doc.line(line.number - 1).length > 0;
      if (isGap) {
        this.#lastLine = line.number;
        this.decorations.push(gapLine.range(line.from));
        if (doc.line(line.number + 1).length > 0) this.atoms.push(gap.range(line.from - 1, line.to + 1));
      }
      if (line.to >= to || line.number === doc.lines) return;
    }
  }
}

function build(view: EditorView): { decorations: DecorationSet; atoms: DecorationSet } {
  const builder = new Builder(view);
  for (const { from, to } of view.visibleRanges) builder.addRange(from, to);
  return {
    decorations: Decoration.set(builder.decorations, true),
    atoms: Decoration.set(builder.atoms, true),
  };
}

class LivePreview implements PluginValue {
  decorations: DecorationSet;
  atoms: DecorationSet;
  #stale = false;

  constructor(view: EditorView) {
    ({ decorations: this.decorations, atoms: this.atoms } = build(view));
  }

  update(update: ViewUpdate): void {
    const { view, changes, startState, state } = update;
    if (view.composing && !update.viewportChanged) {
      // An input method loses its text when the DOM under it is drawn again.
      this.decorations = this.decorations.map(changes);
      this.atoms = this.atoms.map(changes);
      this.#stale = true;
      return;
    }
    const changed =
      this.#stale ||
      update.docChanged ||
      update.viewportChanged ||
      update.selectionSet ||
      update.focusChanged ||
      startState.facet(showMarkup) !== state.facet(showMarkup) ||
      syntaxTree(startState) !== syntaxTree(state);
    if (!changed) return;
    this.#stale = false;
    ({ decorations: this.decorations, atoms: this.atoms } = build(view));
  }
}

/**
 * Shows CommonMark as it reads: markup is hidden until the selection touches its element. The document stays the
 * source, and only what is on the screen is decorated.
 */
export const livePreview = ViewPlugin.fromClass(LivePreview, {
  decorations: (plugin) => plugin.decorations,
  provide: (plugin) => EditorView.atomicRanges.of((view) => view.plugin(plugin)?.atoms ?? Decoration.none),
  eventHandlers: {
    compositionend(_event, view) {
      setTimeout(
        () => view.dom.isConnected && !view.composing && view.dispatch({ effects: refresh.of(null) }),
        80,
      );
    },
  },
});
