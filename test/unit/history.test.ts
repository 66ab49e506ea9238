import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyHistory,
  type History,
  joinTextEdits,
  record,
  type Step,
  seal,
  shift,
} from '#renderer/stores/history.ts';
import { crossEdits, rebaseHistory, rebasePending } from '#renderer/stores/rebase.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Command } from '#shared/story/commands.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import { SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import { applyEdits, type TextEdit } from '#shared/story/textEdit.ts';
import { countText } from '#shared/text/counts.ts';

const one = SceneId.parse('scene00001');
const two = SceneId.parse('scene00002');

function storyWith(texts: Readonly<Record<string, string>>): Story {
  const scenes = Object.entries(texts).map(([id, text], index) => ({
    kind: 'scene.add' as const,
    scene: createScene({ id: SceneId.parse(id), lang: 'en', text, counts: countText(text) }),
    parentId: null,
    index,
  }));
  return applyCommands(createStory('Test', 'en'), scenes).story;
}

const edit = (id: SceneId, at: number, removed: string, inserted: string): Command => ({
  kind: 'text.edit',
  id,
  edits: [{ at, removed, inserted }],
});

interface Desk {
  readonly story: Story;
  readonly history: History;
}

function perform(desk: Desk, commands: readonly Command[], mergeKey: string | null, atMs: number): Desk {
  const { story, inverses } = applyCommands(desk.story, commands);
  return { story, history: record(desk.history, { label: 'Step', commands: inverses, mergeKey, atMs }) };
}

function travel(desk: Desk, from: 'past' | 'future'): Desk {
  const step = desk.history[from].at(-1);
  if (!step) return desk;
  const { story, inverses } = applyCommands(desk.story, step.commands);
  return { story, history: shift(desk.history, from, inverses) };
}

const start = (texts: Readonly<Record<string, string>>): Desk => ({
  story: storyWith(texts),
  history: emptyHistory,
});
const textOf = ({ story }: Desk, id: SceneId) => story.scenes[id]?.text;

/** Random edits that fit a text, each seeing its predecessors' result. */
const editsFor = (text: string, count: number): fc.Arbitrary<TextEdit[]> =>
  fc
    .array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), fc.string({ maxLength: 3 })), {
      minLength: 1,
      maxLength: count,
    })
    .map((choices) => {
      let current = text;
      return choices.map(([place, length, inserted]) => {
        const at = place % (current.length + 1);
        const removed = current.slice(at, at + length);
        current = current.slice(0, at) + inserted + current.slice(at + removed.length);
        return { at, removed, inserted };
      });
    });

describe('the one history', () => {
  test('typing within a second becomes one step', () => {
    let desk = start({ [one]: '' });
    for (const [index, letter] of Array.from('Once').entries()) {
      desk = perform(desk, [edit(one, index, '', letter)], 'typing', index * 200);
    }
    expect(desk.history.past).toHaveLength(1);
    desk = travel(desk, 'past');
    expect(textOf(desk, one)).toBe('');
    desk = travel(desk, 'future');
    expect(textOf(desk, one)).toBe('Once');
  });

  test('a pause, another key or a sealed step starts a new step', () => {
    let desk = start({ [one]: '' });
    desk = perform(desk, [edit(one, 0, '', 'a')], 'typing', 0);
    desk = perform(desk, [edit(one, 1, '', 'b')], 'typing', 1_500);
    desk = perform(desk, [{ kind: 'scene.update', id: one, patch: { title: 'T' } }], 'title', 1_600);
    desk = { ...desk, history: seal(desk.history) };
    desk = perform(desk, [{ kind: 'scene.update', id: one, patch: { title: 'Ti' } }], 'title', 1_700);
    expect(desk.history.past).toHaveLength(4);
  });

  test('what is done after an undo ends what could be redone, and does not merge into the past', () => {
    let desk = start({ [one]: '' });
    desk = perform(desk, [edit(one, 0, '', 'a')], 'typing', 0);
    desk = perform(desk, [edit(one, 1, '', 'b')], null, 10);
    desk = travel(desk, 'past');
    desk = perform(desk, [edit(one, 1, '', 'c')], 'typing', 20);
    expect(desk.history.future).toEqual([]);
    expect(desk.history.past).toHaveLength(2);
    expect(textOf(desk, one)).toBe('ac');
  });

  test('text, order and details go back in the reverse order in which they were done', () => {
    const first = start({ [one]: 'x', [two]: 'y' });
    let desk = perform(first, [edit(one, 1, '', '!')], 'typing', 0);
    desk = perform(desk, [{ kind: 'node.move', id: two, parentId: null, index: 0 }], null, 10);
    desk = perform(desk, [{ kind: 'scene.update', id: one, patch: { title: 'New' } }], null, 20);
    for (let step = 0; step < 3; step++) desk = travel(desk, 'past');
    expect(desk.story).toEqual(first.story);
    for (let step = 0; step < 3; step++) desk = travel(desk, 'future');
    expect(desk.story.outline.map(({ id }) => id)).toEqual([two, one]);
    expect(textOf(desk, one)).toBe('x!');
  });

  test('joined edits give the same text as the single ones', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }).chain((text) => fc.tuple(fc.constant(text), editsFor(text, 12))),
        ([text, edits]) => {
          const joined = joinTextEdits(
            edits.map((single) => ({ kind: 'text.edit', id: one, edits: [single] })),
          );
          const all = joined.flatMap((command) => (command.kind === 'text.edit' ? command.edits : []));
          expect(applyEdits(text, all)).toBe(applyEdits(text, edits));
        },
      ),
    );
  });

  test('a typed word travels as one edit', () => {
    const typed = Array.from('stone').map((letter, index) => edit(one, index + 3, '', letter));
    expect(joinTextEdits(typed)).toEqual([edit(one, 3, '', 'stone')]);
  });
});

describe('after somebody else changed the text', () => {
  test('both orders of two independent edits give the same text', () => {
    fc.assert(
      fc.property(
        fc
          .string({ maxLength: 24 })
          .chain((text) => fc.tuple(fc.constant(text), editsFor(text, 5), editsFor(text, 5))),
        ([text, mine, theirs]) => {
          const crossed = crossEdits(mine, theirs);
          if (!crossed) return;
          const mineFirst = applyEdits(applyEdits(text, mine) ?? '', crossed.theirs);
          const theirsFirst = applyEdits(applyEdits(text, theirs) ?? '', crossed.mine);
          expect(mineFirst).not.toBeNull();
          expect(theirsFirst).toBe(mineFirst);
        },
      ),
    );
  });

  const outside = (desk: Desk, commands: readonly Command[]): Desk => ({
    story: applyCommands(desk.story, commands).story,
    history: rebaseHistory(desk.history, commands),
  });

  test('my own words can still be taken back, and theirs stay', () => {
    let desk = start({ [one]: 'The wall stood.' });
    desk = perform(desk, [edit(one, 8, '', ' of stone')], null, 0);
    desk = perform(desk, [edit(one, 4, 'wall', 'gate')], null, 10);
    desk = outside(desk, [edit(one, 0, '', 'At dusk. ')]);
    desk = travel(travel(desk, 'past'), 'past');
    expect(textOf(desk, one)).toBe('At dusk. The wall stood.');
  });

  test('a step in text that they rewrote is forgotten, with the older ones of that scene, and no others', () => {
    let desk = start({ [one]: 'abc', [two]: 'xyz' });
    desk = perform(desk, [edit(one, 0, '', '1')], null, 0);
    desk = perform(desk, [edit(two, 0, '', '2')], null, 10);
    desk = perform(desk, [edit(one, 2, '', '3')], null, 20);
    desk = outside(desk, [edit(one, 1, 'a3b', 'Q')]);
    expect(desk.history.past.map(({ commands }: Step) => commands[0])).toEqual([edit(two, 0, '2', '')]);
    desk = travel(desk, 'past');
    expect([textOf(desk, one), textOf(desk, two)]).toEqual(['1Qc', 'xyz']);
  });

  test('a step across scenes is forgotten whole, and older steps of all its scenes with it', () => {
    let desk = start({ [one]: 'aa', [two]: 'bb' });
    desk = perform(desk, [edit(two, 2, '', '!')], null, 0);
    desk = perform(desk, [edit(one, 0, 'a', 'X'), edit(two, 0, 'b', 'Y')], null, 10);
    desk = outside(desk, [edit(one, 0, 'X', 'Z')]);
    expect(desk.history.past).toEqual([]);
  });

  test('unsent words move behind theirs; words in the same place are reported, not dropped in silence', () => {
    const pending = [edit(one, 5, '', '!'), edit(two, 1, 'y', 'Y')];
    const foreign = [edit(one, 0, '', '>> '), edit(two, 0, 'xyz', '---')];
    expect(rebasePending(pending, foreign)).toEqual({ commands: [edit(one, 8, '', '!')], lost: [two] });
  });
});
