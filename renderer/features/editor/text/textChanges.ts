import { ChangeSet, type Text } from '@codemirror/state';
import { editBetween, type TextEdit } from '#shared/story/textEdit.ts';

/** The edits of the story that say the same as `changes` of `before`; each sees its predecessors' result. */
export function editsOf(changes: ChangeSet, before: Text): TextEdit[] {
  const edits: TextEdit[] = [];
  changes.iterChanges((fromA, toA, fromB, _toB, inserted) => {
    edits.push({
      at: fromB,
      removed: before.sliceString(fromA, toA, '\n'),
      inserted: inserted.sliceString(0, inserted.length, '\n'),
    });
  }, false);
  return edits;
}

/** The smallest single change that turns `before` into `after`; lines end at LF alone, so every other byte stays. */
export function changesBetween(before: string, after: string): ChangeSet {
  const edit = editBetween(before, after);
  if (edit === null) return ChangeSet.empty(before.length);
  const change = { from: edit.at, to: edit.at + edit.removed.length, insert: edit.inserted };
  return ChangeSet.of(change, before.length, '\n');
}
