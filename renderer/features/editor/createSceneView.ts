import { highlightSelectionMatches } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { dropCursor, EditorView, placeholder } from '@codemirror/view';
import { figurePreview } from './figures/figurePreview.ts';
import { type PictureContext, pictureContext } from './figures/pictureContext.ts';
import { adoptEditorStyles } from './preview/adoptStyles.ts';
import { livePreview, showMarkup } from './preview/livePreview.ts';
import { markdownLanguage } from './preview/markdownLanguage.ts';
import { focusMode, typewriter } from './preview/writingModes.ts';
import { places } from './text/places.ts';

/** Everything about the editor that can change while a scene is open. */
export interface SceneViewOptions {
  readonly label: string;
  readonly language: string;
  readonly placeholder: string;
  readonly readOnly: boolean;
  readonly markup: boolean;
  readonly typewriter: boolean;
  readonly focusMode: boolean;
  readonly pictures: PictureContext;
}

const options = new Compartment();

/**
 * The line break that ends the file is no line to write on: what is typed there would run on from the last paragraph.
 * The caret goes to the end of that paragraph instead.
 */
const beforeFinalBreak = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.selection && !transaction.docChanged) return transaction;
  const { newDoc, newSelection, startState } = transaction;
  const { length } = newDoc;
  const { main } = newSelection;
  if (!main.empty || main.head !== length || length < 2 || startState.facet(showMarkup)) return transaction;
  if (!/[^\n]\n$/.test(newDoc.sliceString(length - 2, length, '\n'))) return transaction;
  return [transaction, { selection: { anchor: length - 1 }, sequential: true }];
});

const optionExtensions = (now: SceneViewOptions): Extension => [
  EditorView.contentAttributes.of({
    'aria-label': now.label,
    'aria-multiline': 'true',
    lang: now.language,
    spellcheck: 'true',
    autocorrect: 'on',
    autocapitalize: 'sentences',
    ...(now.readOnly ? { 'aria-readonly': 'true' } : {}),
  }),
  placeholder(now.placeholder),
  EditorState.readOnly.of(now.readOnly),
  showMarkup.of(now.markup),
  pictureContext.of(now.pictures),
  now.typewriter ? typewriter : [],
  now.focusMode ? focusMode : [],
];

/** The state of an editor over a scene's text. Lines end at LF alone: every other byte of the text is kept. */
export const createSceneState = (text: string, now: SceneViewOptions, extensions: Extension): EditorState =>
  EditorState.create({
    doc: text,
    extensions: [
      EditorState.lineSeparator.of('\n'),
      beforeFinalBreak,
      extensions,
      options.of(optionExtensions(now)),
      EditorView.lineWrapping,
      dropCursor(),
      markdownLanguage,
      livePreview,
      figurePreview,
      places,
      highlightSelectionMatches({ minSelectionLength: 3 }),
    ],
  });

/** Brings changed options into an editor. */
export const setOptions = (view: EditorView, now: SceneViewOptions): void =>
  view.dispatch({ effects: options.reconfigure(optionExtensions(now)) });

/** Makes the editor; the caller destroys it. */
export function createSceneView(state: EditorState, parent: HTMLElement): EditorView {
  adoptEditorStyles();
  return new EditorView({ state, parent });
}
