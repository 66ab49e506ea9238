import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { TextEdit } from '#shared/story/textEdit.ts';
import type { History, Step } from './history.ts';

/** Moves `edit` to where it belongs after `other` was applied to the same text; `null` where they touch. */
function moveEdit(edit: TextEdit, other: TextEdit, otherFirst: boolean): TextEdit | null {
  const end = edit.at + edit.removed.length;
  const otherEnd = other.at + other.removed.length;
  const bothInsertHere = edit.at === other.at && edit.removed === '' && other.removed === '';
  if (bothInsertHere) return otherFirst ? { ...edit, at: edit.at + other.inserted.length } : edit;
  if (end <= other.at) return edit;
  if (otherEnd <= edit.at) return { ...edit, at: edit.at + other.inserted.length - other.removed.length };
  return null;
}

/** Two sequences of edits made on the same text, each moved behind the other; `null` where they touch. */
export function crossEdits(
  mine: readonly TextEdit[],
  theirs: readonly TextEdit[],
): { mine: TextEdit[]; theirs: TextEdit[] } | null {
  let others = [...theirs];
  const moved: TextEdit[] = [];
  for (const edit of mine) {
    let current = edit;
    const nextOthers: TextEdit[] = [];
    for (const other of others) {
      const movedEdit = moveEdit(current, other, true);
      const movedOther = moveEdit(other, current, false);
      if (!movedEdit || !movedOther) return null;
      current = movedEdit;
      nextOthers.push(movedOther);
    }
    moved.push(current);
    others = nextOthers;
  }
  return { mine: moved, theirs: others };
}

type TextChanges = ReadonlyMap<SceneId, readonly TextEdit[] | 'unknown'>;

function textChangesOf(commands: readonly Command[]): TextChanges {
  const changes = new Map<SceneId, TextEdit[]>();
  for (const command of commands) {
    if (command.kind !== 'text.edit') continue;
    changes.set(command.id, [...(changes.get(command.id) ?? []), ...command.edits]);
  }
  return changes;
}

/**
 * Moves commands behind foreign ones made on the same story. Text edits keep their meaning; `null` in place of a
 * command says that it can no longer be made. `foreign` comes back moved behind the commands.
 */
function rebaseCommands(
  commands: readonly Command[],
  foreign: TextChanges,
): { commands: (Command | null)[]; foreign: TextChanges } {
  const changes = new Map(foreign);
  const rebased = commands.map((command) => {
    const change = command.kind === 'text.edit' ? changes.get(command.id) : undefined;
    if (command.kind !== 'text.edit' || change === undefined) return command;
    const crossed = change === 'unknown' ? null : crossEdits(command.edits, change);
    changes.set(command.id, crossed ? crossed.theirs : 'unknown');
    return crossed ? { ...command, edits: crossed.mine } : null;
  });
  return { commands: rebased, foreign: changes };
}

function rebaseSteps(steps: readonly Step[], foreign: TextChanges): Step[] {
  const kept: Step[] = [];
  let changes = foreign;
  for (const step of steps.toReversed()) {
    const result = rebaseCommands(step.commands, changes);
    changes = result.foreign;
    const commands = result.commands.filter((command) => command !== null);
    if (commands.length === step.commands.length) {
      kept.unshift({ ...step, commands });
      continue;
    }
    const forgotten = step.commands.flatMap((command) => (command.kind === 'text.edit' ? [command.id] : []));
    changes = new Map([...changes, ...forgotten.map((id) => [id, 'unknown'] as const)]);
  }
  return kept;
}

/**
 * The history after somebody else changed the story: steps in other scenes and in untouched places stay, steps in
 * text that was rewritten are forgotten, since taking them back would overwrite the other's words.
 */
export function rebaseHistory(history: History, foreign: readonly Command[]): History {
  const changes = textChangesOf(foreign);
  if (changes.size === 0) return history;
  return { past: rebaseSteps(history.past, changes), future: rebaseSteps(history.future, changes) };
}

/** Unsent commands after somebody else's; `lost` are the scenes where both wrote in the same place. */
export function rebasePending(
  pending: readonly Command[],
  foreign: readonly Command[],
): { commands: Command[]; lost: SceneId[] } {
  const { commands } = rebaseCommands(pending, textChangesOf(foreign));
  const lost = new Set<SceneId>();
  const kept: Command[] = [];
  for (const [index, command] of commands.entries()) {
    const original = pending[index];
    if (command) kept.push(command);
    else if (original?.kind === 'text.edit') lost.add(original.id);
  }
  return { commands: kept, lost: [...lost] };
}
