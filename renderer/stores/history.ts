import type { Command } from '#shared/story/commands.ts';
import type { TextEdit } from '#shared/story/textEdit.ts';

/** One step of undo or redo: the commands that take it back (or do it again), in the order in which to apply them. */
export interface Step {
  /** What the writer did, in the language of the interface. */
  readonly label: string;
  readonly commands: readonly Command[];
  /** Steps with the same key, close in time, become one. */
  readonly mergeKey: string | null;
  readonly atMs: number;
}

/** The one undo stack of an open story; the newest step is last in both lists. */
export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

export const emptyHistory: History = { past: [], future: [] };

/** Typing with longer pauses than this is taken back in separate steps. */
const mergeWithinMs = 1_000;
const maxSteps = 2_000;
const maxCommandsPerStep = 400;

/** Two edits as one, where the second continues right where the first, read backwards, ended. */
function joinEdits(first: TextEdit, second: TextEdit): TextEdit | null {
  const firstEnd = first.at + first.inserted.length;
  if (second.removed === '' && second.at === firstEnd) {
    return { ...first, inserted: first.inserted + second.inserted };
  }
  if (second.at + second.removed.length === first.at && second.inserted === '' && first.inserted === '') {
    return { at: second.at, removed: second.removed + first.removed, inserted: '' };
  }
  if (first.inserted === '' && second.inserted === '' && second.at === first.at) {
    return { at: first.at, removed: first.removed + second.removed, inserted: '' };
  }
  return null;
}

/** Joins edits that one edit can say; applying the result gives the same text. */
export function joinTextEdits(commands: readonly Command[]): Command[] {
  const joined: Command[] = [];
  for (const command of commands) {
    const last = joined.at(-1);
    if (last?.kind !== 'text.edit' || command.kind !== 'text.edit' || last.id !== command.id) {
      joined.push(command);
      continue;
    }
    const edits = [...last.edits];
    for (const edit of command.edits) {
      const previous = edits.at(-1);
      const one = previous ? joinEdits(previous, edit) : null;
      if (one) edits[edits.length - 1] = one;
      else edits.push(edit);
    }
    joined[joined.length - 1] = { ...last, edits };
  }
  return joined;
}

/** Remembers a step; `commands` take it back. What could be redone is forgotten. */
export function record(history: History, step: Step): History {
  const last = history.past.at(-1);
  const merges =
    last !== undefined &&
    step.mergeKey !== null &&
    history.future.length === 0 &&
    last.mergeKey === step.mergeKey &&
    step.atMs - last.atMs <= mergeWithinMs &&
    last.commands.length < maxCommandsPerStep;
  const past = merges
    ? [...history.past.slice(0, -1), { ...step, commands: [...step.commands, ...last.commands] }]
    : [...history.past, step].slice(-maxSteps);
  return { past, future: [] };
}

/** Ends merging: the next step stands alone. */
export function seal(history: History): History {
  const last = history.past.at(-1);
  if (!last || last.mergeKey === null) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, mergeKey: null }] };
}

/** Moves the newest step of `from` to the other list, where `inverses` take it back again. */
export function shift(history: History, from: 'past' | 'future', inverses: readonly Command[]): History {
  const step = history[from].at(-1);
  if (!step) return history;
  const rest = history[from].slice(0, -1);
  const moved: Step = { ...step, mergeKey: null, commands: inverses };
  return from === 'past'
    ? { past: rest, future: [...history.future, moved] }
    : { past: [...history.past, moved], future: rest };
}

/** Without its newest step: it cannot be applied any more. */
export const dropNewest = (history: History, from: 'past' | 'future'): History => ({
  ...history,
  [from]: history[from].slice(0, -1),
});
