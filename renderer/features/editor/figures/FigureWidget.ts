import { type EditorView, WidgetType } from '@codemirror/view';
import { moveFigure, removeFigure } from './figureCommands.ts';
import { editAlt, editCaption, type Figure, imageFileOf, parseFigure } from './figureSyntax.ts';
import type { PictureContext } from './pictureContext.ts';

const maxHeightPx = 480;
const fieldsHeightPx = 92;

type Field = 'caption' | 'alt';

/** The figure under its line of source: the picture, its caption and its alt text as fields, and buttons. */
export class FigureWidget extends WidgetType {
  readonly #line: string;
  readonly #figure: Figure;
  readonly #context: PictureContext;

  constructor(line: string, figure: Figure, context: PictureContext) {
    super();
    this.#line = line;
    this.#figure = figure;
    this.#context = context;
  }

  override eq(other: FigureWidget): boolean {
    return other.#line === this.#line && other.#context === this.#context;
  }

  override get estimatedHeight(): number {
    const image = this.#image;
    const height = image ? Math.min(maxHeightPx, (640 * image.height) / image.width) : 48;
    return Math.round(height) + fieldsHeightPx;
  }

  override ignoreEvent(): boolean {
    return true;
  }

  override toDOM(view: EditorView): HTMLElement {
    const figure = document.createElement('figure');
    figure.className = 'sl-figure';
    figure.contentEditable = 'false';
    figure.append(this.#picture(), this.#fields(view, figure));
    this.#label(figure);
    return figure;
  }

  /** Keeps the DOM, and with it the focus in a field, where only texts changed. */
  override updateDOM(dom: HTMLElement, _view: EditorView, from: this): boolean {
    if (from.#figure.target !== this.#figure.target || from.#context !== this.#context) return false;
    for (const field of ['caption', 'alt'] as const) {
      const input = dom.querySelector<HTMLInputElement>(`input[data-field="${field}"]`);
      const value = this.#figure[field];
      if (input && input.value !== value && !input.dataset['composing']) input.value = value;
    }
    const image = dom.querySelector('img');
    if (image) image.alt = this.#figure.alt;
    this.#label(dom);
    return true;
  }

  get #image() {
    const file = imageFileOf(this.#figure.target);
    return file === null ? null : this.#context.find(file);
  }

  #label(dom: HTMLElement): void {
    const name = this.#figure.caption || this.#figure.alt || this.#figure.target;
    dom.setAttribute('aria-label', `${this.#context.texts.picture}: ${name}`);
  }

  #picture(): HTMLElement {
    const image = this.#image;
    if (!image) {
      const missing = document.createElement('p');
      missing.className = 'sl-figure-missing';
      const known = imageFileOf(this.#figure.target) !== null;
      missing.textContent = known ? this.#context.texts.missing : this.#context.texts.foreign;
      const target = document.createElement('code');
      target.textContent = this.#figure.target;
      missing.append(' ', target);
      return missing;
    }
    const picture = document.createElement('img');
    loadPicture(picture, this.#context.url(image));
    picture.alt = this.#figure.alt;
    picture.width = image.width;
    picture.height = image.height;
    picture.decoding = 'async';
    picture.draggable = false;
    return picture;
  }

  #fields(view: EditorView, dom: HTMLElement): HTMLElement {
    const { texts, readOnly } = this.#context;
    const fields = document.createElement('div');
    fields.className = 'sl-figure-fields';
    fields.append(
      this.#field(view, dom, 'caption', texts.caption, ''),
      this.#field(view, dom, 'alt', texts.alt, texts.altHint),
    );
    if (readOnly) return fields;
    const buttons = document.createElement('div');
    buttons.className = 'sl-figure-buttons';
    const at = () => lineOf(view, dom)?.from ?? null;
    const button = (label: string, run: (at: number) => void) => {
      const element = document.createElement('button');
      element.type = 'button';
      element.textContent = label;
      element.addEventListener('click', () => {
        const place = at();
        if (place !== null) run(place);
      });
      return element;
    };
    buttons.append(
      button(texts.moveUp, (place) => moveFigure(view, place, 'up')),
      button(texts.moveDown, (place) => moveFigure(view, place, 'down')),
      button(texts.remove, (place) => removeFigure(view, place)),
    );
    fields.append(buttons);
    return fields;
  }

  #field(view: EditorView, dom: HTMLElement, field: Field, text: string, hint: string): HTMLElement {
    const { undo, redo, readOnly } = this.#context;
    const label = document.createElement('label');
    const name = document.createElement('span');
    name.textContent = text;
    const input = document.createElement('input');
    input.type = 'text';
    input.dataset['field'] = field;
    input.value = this.#figure[field];
    input.placeholder = hint;
    input.readOnly = readOnly;
    input.addEventListener('compositionstart', () => {
      input.dataset['composing'] = 'true';
    });
    input.addEventListener('compositionend', () => {
      delete input.dataset['composing'];
      write(view, dom, field, input.value);
    });
    input.addEventListener('input', () => {
      if (!input.dataset['composing']) write(view, dom, field, input.value);
    });
    input.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && (key === 'y' || (key === 'z' && event.shiftKey))) {
        event.preventDefault();
        redo();
      } else if (command && key === 'z') {
        event.preventDefault();
        undo();
      } else if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        leave(view, dom);
      }
    });
    label.append(name, input);
    return label;
  }
}

/** A picture that was just dropped may be asked for before the studio has heard of it. */
const askAgainMs = [200, 600, 1_500, 4_000];

function loadPicture(picture: HTMLImageElement, url: string): void {
  let asked = 0;
  picture.addEventListener('error', () => {
    const wait = askAgainMs[asked++];
    if (wait === undefined) return;
    setTimeout(() => {
      if (picture.isConnected) picture.src = url;
    }, wait);
  });
  picture.src = url;
}

const lineOf = (view: EditorView, dom: HTMLElement) => {
  const line = view.state.doc.lineAt(view.posAtDOM(dom));
  return parseFigure(line.text) ? line : null;
};

function write(view: EditorView, dom: HTMLElement, field: Field, value: string): void {
  const line = lineOf(view, dom);
  const figure = line && parseFigure(line.text);
  if (!line || !figure || figure[field] === value.trimEnd()) return;
  const edit = field === 'alt' ? editAlt(figure, value) : editCaption(figure, value);
  view.dispatch({
    changes: { from: line.from + edit.from, to: line.from + edit.to, insert: edit.insert },
    userEvent: `input.type.figure.${field}`,
  });
}

/** Back into the text, on the line after the figure. */
function leave(view: EditorView, dom: HTMLElement): void {
  const line = lineOf(view, dom);
  if (line) view.dispatch({ selection: { anchor: line.to }, scrollIntoView: true });
  view.focus();
}
