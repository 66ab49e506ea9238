import { Transaction } from '@codemirror/state';

/** Typing with longer pauses than this is taken back in separate steps. */
const pauseMs = 800;

type Kind = 'typing' | 'deleting';

const kindOf = (transaction: Transaction): Kind | null => {
  if (transaction.isUserEvent('input.type')) return 'typing';
  if (transaction.isUserEvent('delete')) return 'deleting';
  return null;
};

/** Says which changes of an editor belong to one step of undo: a run of typing, a run of deleting, or one command. */
export class StepKeys {
  readonly #scope: string;
  #count = 0;
  #event = '';
  #kind: Kind | null = null;
  #from = -1;
  #to = -1;
  #atMs = 0;

  constructor(scope: string) {
    this.#scope = scope;
  }

  /** Key of the step that the newest change belongs to. */
  get current(): string {
    return `${this.#scope}:${this.#count}`;
  }

  /** What the newest change was, in CodeMirror's words: `input.type`, `delete.backward`, `input.paste`. */
  get event(): string {
    return this.#event;
  }

  /** Takes up the next change; false where it begins a new step. Changes of one composition are one step. */
  next(transaction: Transaction, composing: boolean, nowMs: number = Date.now()): boolean {
    const kind = kindOf(transaction);
    let fromOld = Number.POSITIVE_INFINITY;
    let toOld = -1;
    let toNew = -1;
    let breaksLine = false;
    transaction.changes.iterChanges((fromA, toA, _fromB, toB, inserted) => {
      fromOld = Math.min(fromOld, fromA);
      toOld = Math.max(toOld, toA);
      toNew = Math.max(toNew, toB);
      breaksLine ||= inserted.lines > 1;
    });
    const adjoins = fromOld <= this.#to && toOld >= this.#from;
    const inTime = composing || nowMs - this.#atMs <= pauseMs;
    const continues = kind !== null && kind === this.#kind && adjoins && inTime && !breaksLine;
    if (!continues) this.#count += 1;
    if (!continues) this.#event = transaction.annotation(Transaction.userEvent) ?? '';
    this.#kind = kind;
    this.#from = Math.min(fromOld, toNew);
    this.#to = toNew;
    this.#atMs = nowMs;
    return continues;
  }
}
