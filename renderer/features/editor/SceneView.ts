import { search } from '@codemirror/search';
import type { EditorSelection, StateEffect } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import type { SceneId } from '#shared/story/ids.ts';
import { runMenuAction } from '../../stores/appStore.ts';
import { select, useSelection } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { createSceneState, createSceneView, type SceneViewOptions, setOptions } from './createSceneView.ts';
import { type SceneActions, sceneKeys } from './sceneKeys.ts';
import { sceneText } from './sceneText.ts';
import { StoryBinding } from './text/storyBinding.ts';
import { type Transfer, transfer } from './text/transfer.ts';

/** Where the writer was in a scene; kept while the window lives. */
interface Spot {
  readonly selection: EditorSelection;
  readonly scroll: StateEffect<unknown>;
  readonly length: number;
}
const spots = new Map<string, Spot>();
/** The desk hears where the caret is, and the toolbar what it stands in, once it rests. */
const reportPauseMs = 120;
const spotKey = (sceneId: SceneId): string => `${useStoryStore.getState().opened?.folder ?? ''}\n${sceneId}`;

/** What the component around the editor takes care of. */
export interface SceneViewEvents extends Omit<SceneActions, 'undo' | 'redo' | 'flush'>, Transfer {
  /** Names a step of undo in the language of the interface by what it comes from. */
  labelOf(event: string): string;
  /** The text, the selection or the syntax changed, and rest for a moment. */
  changed(view: EditorView): void;
  /** The find panel's place in the editor appeared, or went (`null`). */
  findPanel(dom: HTMLElement | null): void;
}

/** One scene in an editor, bound to the story. Only while its text has been read. */
export class SceneView {
  readonly view: EditorView;
  readonly #binding: StoryBinding;
  readonly #sceneId: SceneId;
  readonly #events: () => SceneViewEvents;
  #reporting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    sceneId: SceneId,
    parent: HTMLElement,
    options: SceneViewOptions,
    events: () => SceneViewEvents,
  ) {
    this.#sceneId = sceneId;
    this.#events = events;
    const source = sceneText(sceneId, (event) => events().labelOf(event));
    const state = createSceneState(source.read() ?? '', options, [
      sceneKeys({
        undo: () => this.undo(),
        redo: () => this.redo(),
        flush: () => this.flush(),
        openFind: (replace) => events().openFind(replace),
        openLink: () => events().openLink(),
        openPictures: () => events().openPictures(),
        toggleMarkup: () => events().toggleMarkup(),
        writeOn: () => events().writeOn(),
        stopOrReject: () => events().stopOrReject(),
        accept: () => events().accept(),
        pageAlternatives: (step) => events().pageAlternatives(step),
      }),
      transfer({
        takeFiles: (files, at) => events().takeFiles(files, at),
        takePictures: (ids, at) => events().takePictures(ids, at),
      }),
      search({ top: true, createPanel: () => this.#panel() }),
      EditorView.updateListener.of((update) => this.#updated(update)),
      EditorView.domEventHandlers({
        blur: () => this.flush(),
        compositionend: () => {
          setTimeout(() => this.flush(), 100);
        },
      }),
    ]);
    this.view = createSceneView(state, parent);
    this.#binding = new StoryBinding(this.view, source, sceneId);
    this.#returnToSpot();
    this.#report();
  }

  /** Sends what was typed to the story now, and says where the caret is. */
  flush(): void {
    if (this.view.composing) return;
    this.#binding.flush();
    this.#report();
  }

  undo(): boolean {
    this.#binding.follow(() => runMenuAction('undo'));
    return true;
  }

  redo(): boolean {
    this.#binding.follow(() => runMenuAction('redo'));
    return true;
  }

  /** Makes a change of the story and shows what it did to this text. */
  follow(change: () => void): void {
    this.#binding.follow(change);
  }

  setOptions(options: SceneViewOptions): void {
    setOptions(this.view, options);
  }

  /** Selects a range, brings it into sight and gives the editor the focus. */
  reveal(from: number, to: number): void {
    const { length } = this.view.state.doc;
    const anchor = Math.min(from, length);
    const head = Math.min(to, length);
    this.view.dispatch({
      selection: { anchor, head },
      effects: EditorView.scrollIntoView(anchor, { y: 'nearest', yMargin: 120 }),
    });
    this.view.focus();
  }

  destroy(): void {
    this.#binding.destroy();
    clearTimeout(this.#reporting);
    const { selection, doc } = this.view.state;
    spots.set(spotKey(this.#sceneId), {
      selection,
      scroll: this.view.scrollSnapshot(),
      length: doc.length,
    });
    this.view.destroy();
  }

  #returnToSpot(): void {
    const spot = spots.get(spotKey(this.#sceneId));
    if (!spot || spot.length !== this.view.state.doc.length) return;
    this.view.dispatch({ selection: spot.selection, effects: spot.scroll });
  }

  #panel() {
    const dom = document.createElement('div');
    dom.className = 'sl-find';
    return {
      dom,
      top: true,
      mount: () => this.#events().findPanel(dom),
      destroy: () => this.#events().findPanel(null),
    };
  }

  #updated(update: ViewUpdate): void {
    if (update.docChanged) this.#binding.collect(update);
    if (!update.docChanged && !update.selectionSet && !update.focusChanged) return;
    clearTimeout(this.#reporting);
    this.#reporting = setTimeout(() => this.#report(), reportPauseMs);
  }

  #report(): void {
    clearTimeout(this.#reporting);
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const before = useSelection.getState().text;
    if (before?.sceneId !== this.#sceneId || before.from !== from || before.to !== to) {
      select({ text: { sceneId: this.#sceneId, from, to, text: state.sliceDoc(from, to) } });
    }
    this.#events().changed(this.view);
  }
}
