import type { Finding, Fix } from '#shared/consistency/findings.ts';
import type { Command } from '#shared/story/commands.ts';
import type { Decision } from '#shared/story/decision.ts';
import { createId, type SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import { editBetween, type TextEdit } from '#shared/story/textEdit.ts';

/** The command that makes a proposed change, wherever its sentence stands now; `null` where it is gone. */
export function planFix(story: Story, { target, edit, before, after }: Fix): Command | null {
  if (target.kind === 'scene') {
    const text = story.scenes[target.sceneId]?.text ?? null;
    const placed = text === null ? null : placedEdit(text, edit.at, before, after);
    return placed ? { kind: 'text.edit', id: target.sceneId, edits: [placed] } : null;
  }
  const character = story.characters[target.characterId];
  if (!character) return null;
  if (target.field !== 'fields') {
    const changed = changedText(character[target.field], edit.at, before, after);
    return changed === null
      ? null
      : { kind: 'character.update', id: character.id, patch: { [target.field]: changed } };
  }
  const line = character.fields[target.line];
  const changed = line ? changedText(line.value, edit.at, before, after) : null;
  if (!line || changed === null) return null;
  const fields = character.fields.toSpliced(target.line, 1, { ...line, value: changed });
  return { kind: 'character.update', id: character.id, patch: { fields } };
}

/** The edit of the sentence nearest to where it stood. */
function placedEdit(text: string, at: number, before: string, after: string): TextEdit | null {
  const within = editBetween(before, after);
  if (!within) return null;
  let best = -1;
  for (let found = text.indexOf(before); found >= 0; found = text.indexOf(before, found + 1)) {
    if (best < 0 || Math.abs(found - at) < Math.abs(best - at)) best = found;
  }
  return best < 0 ? null : { ...within, at: best + within.at };
}

function changedText(text: string, at: number, before: string, after: string): string | null {
  const edit = placedEdit(text, at, before, after);
  return edit ? text.slice(0, edit.at) + edit.inserted + text.slice(edit.at + edit.removed.length) : null;
}

/** The scene from which a change may be meant: that of the later statement; `null` where none is in a scene. */
export function sceneOfChange({ characterId, b }: Finding): SceneId | null {
  return characterId !== null && b.evidence.kind === 'scene' ? b.evidence.sceneId : null;
}

/** "Intended from this scene": later statements are no longer held against earlier ones. */
export function planIntended(story: Story, finding: Finding): Command | null {
  const fromSceneId = sceneOfChange(finding);
  if (fromSceneId === null || finding.characterId === null) return null;
  return withDecision(story, {
    kind: 'intended',
    id: createId(),
    characterId: finding.characterId,
    attribute: finding.attribute,
    fromSceneId,
  });
}

/** "Ignore": these two sentences may stand. */
export const planIgnored = (story: Story, { characterId, attribute, a, b }: Finding): Command =>
  withDecision(story, {
    kind: 'ignored',
    id: createId(),
    characterId,
    attribute,
    statements: [a.evidence.sentence, b.evidence.sentence],
  });

const withDecision = (story: Story, decision: Decision): Command => ({
  kind: 'story.update',
  patch: { decisions: [...story.decisions, decision] },
});
