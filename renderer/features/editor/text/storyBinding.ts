import { Annotation, ChangeSet, type Text } from '@codemirror/state';
import type { EditorView, ViewUpdate } from '@codemirror/view';
import type { TextEdit } from '#shared/story/textEdit.ts';
import { StepKeys } from './stepKeys.ts';
import { changesBetween, editsOf } from './textChanges.ts';

/** Edits with the same key become one step; `event` says in CodeMirror's words what they come from. */
export interface UndoStep {
  readonly mergeKey: string;
  readonly event: string;
}

/** One scene's text in the story, as the editor sees it. */
export interface TextSource {
  /** The text now; `null` when the scene is gone. */
  read(): string | null;
  /** Sends edits as a step of undo; `false` where the story refuses. */
  send(edits: readonly TextEdit[], step: UndoStep): boolean;
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
  /** The step of undo that the pending changes belong to. */
  #step: UndoStep = { mergeKey: '', event: '' };
  #sending = false;
  #following = false;
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
      this.#step = { mergeKey: this.#keys.current, event: this.#keys.event };
      this.#pending = this.#pending.compose(transaction.changes);
    }
    if (this.#pending.empty) return;
    this.#receive();
    this.#schedule();
  }

  /** Sends what is pending now. */
  flush(): void {
    this.#cancel();
    this.#send();
    this.#receive();
  }

  /** Runs `change` (undo, say), and moves the caret to what it changed in this text. */
  follow(change: () => void): void {
    this.flush();
    this.#following = true;
    try {
      change();
    } finally {
      this.#following = false;
    }
  }

  destroy(): void {
    this.#unsubscribe();
    this.#cancel();
    this.#send();
  }

  #schedule(): void {
    if (this.#view.composing || this.#timer !== undefined) return;
    const flush = () => {
      this.#cancel();
      if (!this.#view.composing) this.flush();
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
    const base = this.#pending.apply(this.#base);
    this.#sending = true;
    try {
      if (!this.#source.send(edits, this.#step)) {
        this.#revert();
        return;
      }
      this.#text = this.#source.read() ?? this.#text;
      this.#base = base;
      this.#pending = ChangeSet.empty(base.length);
      if (this.#text.length !== base.length) this.#text = stringOf(base);
    } finally {
      this.#sending = false;
    }
  }

  #revert(): void {
    this.#text = this.#source.read() ?? this.#text;
    const back = changesBetween(stringOf(this.#view.state.doc), this.#text);
    this.#base = back.apply(this.#view.state.doc);
    this.#pending = ChangeSet.empty(this.#base.length);
    this.#view.dispatch({ changes: back, annotations: fromStory.of(true) });
  }

  #receive(): void {
    if (this.#sending) return;
    const text = this.#source.read();
    if (text === null || text === this.#text) return;
    const outside = changesBetween(stringOf(this.#base), text);
    this.#text = text;
    if (outside.empty) return;
    const mine = this.#pending;
    const changes = outside.map(mine, true);
    this.#pending = mine.map(outside);
    this.#base = outside.apply(this.#base);
    let end = 0;
    changes.iterChangedRanges((_fromA, _toA, _fromB, toB) => {
      end = toB;
    });
    this.#view.dispatch({
      changes,
      annotations: fromStory.of(true),
      ...(this.#following ? { selection: { anchor: end }, scrollIntoView: true } : {}),
    });
  }
}

const stringOf = (text: Text): string => text.sliceString(0, text.length, '\n');
