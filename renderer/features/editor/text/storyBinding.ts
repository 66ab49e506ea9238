import { Annotation, type ChangeSet, type Text } from '@codemirror/state';
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

/** What was typed goes to the story in the writer's next short pause, and never later than this. */
const pauseMs = 180;
const atLatestMs = 900;

/** Changes that are one step of undo, made on top of the ones before. */
interface Pending {
  readonly changes: ChangeSet;
  readonly step: UndoStep;
}

/**
 * Keeps an editor and a scene's text equal. What is typed reaches the story in the next pause, so that keys do not wait
 * for it, and never in the middle of a composition; what changes in the story reaches the editor at once. Neither
 * echoes back, and edits made on both sides at the same time are moved past each other.
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
  /** What the editor has and the story has not, oldest first. */
  #pending: Pending[] = [];
  #sending = false;
  #following = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #latest: ReturnType<typeof setTimeout> | undefined;

  constructor(view: EditorView, source: TextSource, sceneKey: string) {
    this.#view = view;
    this.#source = source;
    this.#keys = new StepKeys(sceneKey);
    this.#text = source.read() ?? '';
    this.#base = view.state.doc;
    this.#unsubscribe = source.subscribe(() => this.#receive());
  }

  /** Takes up the transactions of an update. */
  collect(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (!transaction.docChanged || transaction.annotation(fromStory)) continue;
      const continues = this.#keys.next(transaction, update.view.composing);
      const last = this.#pending.at(-1);
      if (continues && last) {
        const changes = last.changes.compose(transaction.changes);
        this.#pending = [...this.#pending.slice(0, -1), { ...last, changes }];
      } else {
        const step = { mergeKey: this.#keys.current, event: this.#keys.event };
        this.#pending.push({ changes: transaction.changes, step });
      }
    }
    if (this.#pending.length > 0) this.#schedule();
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
    if (this.#view.composing) return;
    const flush = () => {
      this.#cancel();
      if (!this.#view.composing) this.flush();
    };
    clearTimeout(this.#pause);
    this.#pause = setTimeout(flush, pauseMs);
    this.#latest ??= setTimeout(flush, atLatestMs);
  }

  #cancel(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#latest);
    this.#pause = undefined;
    this.#latest = undefined;
  }

  #send(): void {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#pending[0]; next; next = this.#pending[0]) {
        const { changes, step } = next;
        const edits = editsOf(changes, this.#base);
        if (edits.length > 0 && !this.#source.send(edits, step)) {
          this.#revert();
          return;
        }
        this.#base = changes.apply(this.#base);
        this.#pending.shift();
      }
      this.#text = this.#source.read() ?? this.#text;
      if (this.#text.length !== this.#base.length) this.#text = stringOf(this.#base);
    } finally {
      this.#sending = false;
    }
  }

  #revert(): void {
    this.#text = this.#source.read() ?? this.#text;
    const back = changesBetween(stringOf(this.#view.state.doc), this.#text);
    this.#base = back.apply(this.#view.state.doc);
    this.#pending = [];
    this.#view.dispatch({ changes: back, annotations: fromStory.of(true) });
  }

  #receive(): void {
    if (this.#sending) return;
    const text = this.#source.read();
    if (text === null || text === this.#text) return;
    let changes = changesBetween(stringOf(this.#base), text);
    this.#text = text;
    if (changes.empty) return;
    this.#base = changes.apply(this.#base);
    this.#pending = this.#pending.map((mine) => {
      const moved = mine.changes.map(changes);
      changes = changes.map(mine.changes, true);
      return { ...mine, changes: moved };
    });
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
