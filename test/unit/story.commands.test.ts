import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyCommand, applyCommands } from '#shared/story/apply.ts';
import { Command } from '#shared/story/commands.ts';
import { createScene } from '#shared/story/create.ts';
import { SceneId } from '#shared/story/ids.ts';
import { findNode, sceneOrder, walkOutline } from '#shared/story/outline.ts';
import { planChange, withScenesOf } from '#shared/story/planChange.ts';
import { Story } from '#shared/story/story.ts';
import { applyEdits, editBetween, invertEdits } from '#shared/story/textEdit.ts';
import { countText } from '#shared/text/counts.ts';
import { anyText, anyTries, emptyStory, fullStory, play } from '../support/randomStory.ts';

/** What cannot stand where it stood is restored elsewhere, and goes from there when that is undone. */
function hasLostItsPlace(story: Story, command: Command): boolean {
  if (command.kind === 'character.restore') {
    const entry = story.trash.find((other) => other.kind === 'character' && other.id === command.id);
    return entry?.kind === 'character' && entry.index > story.characterOrder.length;
  }
  if (command.kind !== 'node.restore') return false;
  const entry = story.trash.find((other) => other.kind === 'node' && other.node.id === command.id);
  if (entry?.kind !== 'node') return false;
  const parent = entry.parentId === null ? undefined : findNode(story.outline, entry.parentId);
  const siblings = parent === undefined ? story.outline : parent.kind === 'scene' ? [] : parent.children;
  return (entry.parentId !== null && !parent) || entry.index > siblings.length;
}

describe('every command', () => {
  test('is taken back exactly by its inverse, and its inverse by the inverse of that', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyTries, (tries) => {
        play(fullStory, tries, 600, (before, command, after, inverse) => {
          seen.add(command.kind);
          if (hasLostItsPlace(before, command)) return;
          const undone = applyCommand(after, inverse);
          expect(undone.story).toEqual(before);
          expect(applyCommand(undone.story, undone.inverse).story).toEqual(after);
        });
      }),
      { numRuns: 400 },
    );
    expect(Array.from(seen).toSorted()).toEqual(
      Command.options.map(({ shape }) => shape.kind.value).toSorted(),
    );
  });

  test('leaves a story that the schema accepts, with every scene standing in exactly one place', () => {
    fc.assert(
      fc.property(anyTries, (tries) => {
        const story = play(emptyStory, tries, 0, (_before, command) => Command.parse(command));
        Story.parse(story);
        const trashed = story.trash.flatMap((entry) => (entry.kind === 'node' ? [entry.node] : []));
        const placed = [...sceneOrder(story.outline), ...sceneOrder(trashed)];
        expect(placed.toSorted()).toEqual(Object.keys(story.scenes).toSorted());
        const nodes = Array.from(walkOutline([...story.outline, ...trashed]), ({ node }) => node.id);
        expect(new Set(nodes).size).toBe(nodes.length);
      }),
      { numRuns: 300 },
    );
  });

  test('applies all or none', () => {
    const scene = createScene({ lang: 'en' });
    const add = { kind: 'scene.add', scene, parentId: null, index: 0 } as const;
    expect(() => applyCommands(emptyStory, [add, add])).toThrow('taken');
    expect(emptyStory.outline).toEqual([]);
  });

  test('refuses ids that name a property of every object', () => {
    expect(SceneId.safeParse('constructor').success).toBe(false);
  });
});

test('half a character in one text does not change how the next text is counted', () => {
  const before = countText('😀 x');
  countText('x\ud83d');
  countText('\ud83dx');
  expect(countText('😀 x')).toEqual(before);
});

describe('text edits', () => {
  test('the edit between two texts makes one of the other, and back', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const edit = editBetween(before, after);
        expect(edit === null ? before : applyEdits(before, [edit])).toBe(after);
        expect(edit === null ? after : applyEdits(after, invertEdits([edit]))).toBe(before);
      }),
    );
  });

  test('an edit of another text is refused', () => {
    expect(applyEdits('abc', [{ at: 1, removed: 'x', inserted: '' }])).toBeNull();
    expect(applyEdits('abc', [{ at: 4, removed: '', inserted: 'x' }])).toBeNull();
  });
});

describe('the plan from one story to another', () => {
  test('leads exactly there, whatever happened in between', () => {
    fc.assert(
      fc.property(anyTries, anyTries, anyTries, (shared, mine, theirs) => {
        const common = play(emptyStory, shared);
        const from = play(common, mine, 1_000);
        const to = play(common, theirs, 2_000);
        expect(applyCommands(from, planChange(from, to)).story).toEqual({ ...to, extra: from.extra });
      }),
      { numRuns: 600 },
    );
  });

  test('is empty between a story and itself', () => {
    fc.assert(
      fc.property(anyTries, (tries) => {
        expect(planChange(play(emptyStory, tries), play(emptyStory, tries))).toEqual([]);
      }),
    );
  });

  test('a changed word is one small edit', () => {
    const scene = createScene({ lang: 'en', text: 'She waited for the rain to stop.' });
    const from = applyCommand(emptyStory, { kind: 'scene.add', scene, parentId: null, index: 0 }).story;
    const edit = { at: 4, removed: 'waited', inserted: 'prayed' };
    const to = applyCommand(from, { kind: 'text.edit', id: scene.id, edits: [edit] }).story;
    expect(planChange(from, to)).toEqual([
      { kind: 'text.edit', id: scene.id, edits: [{ at: 4, removed: 'wait', inserted: 'pray' }] },
    ]);
  });

  test('only the chosen scenes go back', () => {
    fc.assert(
      fc.property(anyTries, anyTries, fc.nat(5), (shared, later, place) => {
        const past = play(emptyStory, shared);
        const present = play(past, later, 1_000);
        const ids = Object.values(past.scenes).map(({ id }) => id);
        const chosen = ids.filter((_id, at) => at % 6 === place);
        const restored = applyCommands(
          present,
          planChange(present, withScenesOf(present, past, chosen)),
        ).story;
        for (const id of chosen) expect(restored.scenes[id]).toEqual(past.scenes[id]);
        for (const { id } of Object.values(present.scenes)) {
          if (!chosen.includes(id)) expect(restored.scenes[id]).toEqual(present.scenes[id]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
