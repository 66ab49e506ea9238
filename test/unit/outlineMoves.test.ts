import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planDrop, planInsert, planStep } from '#renderer/features/outline/planMove.ts';
import { applyCommand } from '#shared/story/apply.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import { NodeId, SceneId } from '#shared/story/ids.ts';
import { type OutlineNode, walkOutline } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';

const scene = (name: string) => ({ kind: 'scene', id: SceneId.parse(`${name}0000000`) }) as const;
const group = (kind: 'part' | 'chapter', name: string, ...children: OutlineNode[]): OutlineNode => ({
  kind,
  id: NodeId.parse(`${name}0000000`),
  title: name,
  children,
});
const id = (name: string) => NodeId.parse(`${name}0000000`);

const outline = [
  scene('s0'),
  group('part', 'p1', group('chapter', 'c1', scene('s1'), scene('s2')), group('chapter', 'c2', scene('s3'))),
  group('chapter', 'c3'),
];
const story: Story = {
  ...createStory('Test', 'en'),
  outline,
  scenes: Object.fromEntries(
    ['s0', 's1', 's2', 's3'].map((name) => [
      id(name),
      createScene({ id: SceneId.parse(id(name)), lang: 'en' }),
    ]),
  ),
};

/** The outline as a line of names; brackets show what stands inside. */
const shape = (nodes: readonly OutlineNode[]): string =>
  nodes
    .map((node) =>
      node.kind === 'scene' ? node.id.slice(0, 2) : `${node.id.slice(0, 2)}(${shape(node.children)})`,
    )
    .join(' ');

const moved = (name: string, place: ReturnType<typeof planStep>): string | null =>
  place && shape(applyCommand(story, { kind: 'node.move', id: id(name), ...place }).story.outline);

describe('moving by key', () => {
  test.each([
    ['s2', 'up', 's0 p1(c1(s2 s1) c2(s3)) c3()'],
    ['s2', 'down', 's0 p1(c1(s1) s2 c2(s3)) c3()'],
    ['s3', 'up', 's0 p1(c1(s1 s2) s3 c2()) c3()'],
    ['s0', 'down', 'p1(s0 c1(s1 s2) c2(s3)) c3()'],
    ['c2', 'up', 's0 p1(c2(s3) c1(s1 s2)) c3()'],
    ['c3', 'up', 's0 p1(c1(s1 s2) c2(s3) c3())'],
    ['c2', 'down', 's0 p1(c1(s1 s2)) c2(s3) c3()'],
    ['p1', 'up', 'p1(c1(s1 s2) c2(s3)) s0 c3()'],
    ['s0', 'up', null],
    ['c3', 'down', null],
  ] as const)('%s %s', (name, direction, expected) => {
    expect(moved(name, planStep(outline, id(name), direction))).toBe(expected);
  });

  test('a scene walks through every place down to the end and back up to the start', () => {
    let current = story;
    const walk = (direction: 'up' | 'down') => {
      const seen: string[] = [];
      for (let step = 0; step < 50; step++) {
        const place = planStep(current.outline, id('s0'), direction);
        if (!place) return seen;
        current = applyCommand(current, { kind: 'node.move', id: id('s0'), ...place }).story;
        seen.push(shape(current.outline));
      }
      return seen;
    };
    const down = walk('down');
    expect(down.at(-1)).toBe('p1(c1(s1 s2) c2(s3)) c3() s0');
    expect(walk('up').at(-1)).toBe(shape(story.outline));
    expect(new Set(down).size).toBe(down.length);
  });
});

describe('dropping', () => {
  test.each([
    ['s1', 's0', 'before', 's1 s0 p1(c1(s2) c2(s3)) c3()'],
    ['s0', 's2', 'after', 'p1(c1(s1 s2 s0) c2(s3)) c3()'],
    ['s1', 's2', 'after', 's0 p1(c1(s2 s1) c2(s3)) c3()'],
    ['s0', 'c3', 'on', 'p1(c1(s1 s2) c2(s3)) c3(s0)'],
    ['c3', 'c1', 'before', 's0 p1(c3() c1(s1 s2) c2(s3))'],
    ['c1', 'c2', 'on', null],
    ['p1', 's1', 'before', null],
    ['p1', 'c3', 'on', null],
    ['s0', 's0', 'on', null],
    ['s0', 's1', 'on', null],
  ] as const)('%s %s %s', (name, target, position, expected) => {
    expect(moved(name, planDrop(outline, id(name), { id: id(target), position }))).toBe(expected);
  });

  test('whatever is planned, the story accepts', () => {
    const ids = Array.from(walkOutline(outline), ({ node }) => node.id);
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        fc.constantFrom(...ids),
        fc.constantFrom('before', 'after', 'on'),
        (node, target, position) => {
          const place = planDrop(outline, node, { id: target, position });
          if (place) applyCommand(story, { kind: 'node.move', id: node, ...place });
        },
      ),
    );
  });
});

describe('adding', () => {
  test.each([
    [null, 'scene', { parentId: null, index: 3 }],
    ['c1', 'scene', { parentId: id('c1'), index: 2 }],
    ['s1', 'scene', { parentId: id('c1'), index: 1 }],
    ['s1', 'chapter', { parentId: id('p1'), index: 1 }],
    ['s1', 'part', { parentId: null, index: 2 }],
    ['s0', 'chapter', { parentId: null, index: 1 }],
  ] as const)('beside %s a new %s', (chosen, kind, expected) => {
    expect(planInsert(outline, chosen === null ? null : id(chosen), kind)).toEqual(expected);
  });
});
