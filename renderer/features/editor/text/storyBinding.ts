import { Annotation, ChangeSet, type Text, Transaction } from '@codemirror/state';
import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { TextEdit } from '#shared/story/textEdit.ts';
import { StepKeys } from './stepKeys.ts';
import { changesBetween, editsOf } from './textChanges.ts';

/** One scene's text in the story, as the editor sees it. */
export interface TextSource {
  /** The text now; `null` when the scene is gone. */
  read(): string | null;
  /** Sends edits as one step of undo, or as part of the step with the same key. Throws where the story refuses. */
  send(edits: readonly TextEdit[], mergeKey: string): void;
  subscribe(listener: () => void): () => void;
}

/** Marks transactions that bring the story's text into the editor. */
export const fromStory = Annotation.define<boolean>();

const flushWithinMs = 120;

/**
 * Keeps an editor and a scene's text equal. What is typed reaches the story just after it was painted, or when the
 * input method is done; what changes in the story reaches the editor at once. Neither ever echoes back, and edits made
 * on both sides at the same time are moved past each other.
 */
export class StoryBinding {
  readonly #view: EditorView;
  readonly #source: TextSource;
  readonly #keys: StepKeys;
  readonly #unsubscribe: () => void;
  /** The story's text, as last seen. */
  #text: string;
  /** The same as the editor's kind of text. */
  #base: Text;
  /** What the editor has and the story has not. */
  #pending: ChangeSet;
  #sending = false;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: EditorView, source: TextSource, sceneKey: string) {
    this.#view = view;
    this.#source = source;
    this.#keys = new StepKeys(sceneKey);
    this.#text = source.read() ?? '';
    this.#base = view.state.doc;
    this.#pending = ChangeSet.empty(this.#base.length);
    this.#unsubscribe = source.subscribe(() => this.#receive());
  }

  /** Takes up the transactions of an update. */
  collect(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (!transaction.docChanged || transaction.annotation(fromStory)) continue;
      const continues = this.#keys.next(transaction, update.view.composing);
      if (!continues) this.#send();
      this.#pending = this.#pending.compose(transaction.changes);
    }
    if (!this.#pending.empty) this.#schedule();
  }

  /** Sends what is pending now. */
  flush(): void {
    this.#send();
  }

  destroy(): void {
    this.#send();
    this.#cancel();
    this.#unsubscribe();
  }

  #schedule(): void {
    if (this.#view.composing || this.#timer !== undefined) return;
    const flush = () => {
      this.#cancel();
      if (!this.#view.composing) this.#send();
    };
    this.#timer = setTimeout(flush, flushWithinMs);
    this.#frame = requestAnimationFrame(() => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(flush, 0);
    });
  }

  #cancel(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #send(): void {
    if (this.#pending.empty || this.#sending) return;
    const edits = editsOf(this.#pending, this.#base);
    const sent = this.#pending;
    this.#sending = true;
    try {
      this.#source.send(edits, this.#keys.current);
      this.#base = sent.apply(this.#base);
      this.#pending = ChangeSet.empty(this.#base.length);
      this.#text = this.#source.read() ?? this.#text;
    } finally {
      this.#sending = false;
    }
    this.#receive();
  }

  #receive(): void {
    if (this.#sending) return;
    const text = this.#source.read();
    if (text === null) return;
    if (text === this.#text && text.length === this.#base.length) return;
    const outside = changesBetween(this.#base.sliceString(0, this.#base.length, '\n'), text);
    this.#text = text;
    if (outside.empty) return;
    const mine = this.#pending;
    this.#pending = mine.map(outside);
    this.#base = outside.apply(this.#base);
    this.#view.dispatch({
      changes: outside.map(mine, true),
      annotations: [fromStory.of(true), Transaction.addToHistory.of(false)],
    });
  }
}
