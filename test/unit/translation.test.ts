import { expect, test } from 'vitest';
import { planAcceptance } from '#renderer/features/activity/planAcceptance.ts';
import { applyCommands } from '#shared/story/apply.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { translated, untranslated } from '#shared/story/translation.ts';
import { unsummarised } from '#shared/story/unsummarised.ts';

const counts = { words: 2, charactersNoSpaces: 8 };
const [first, second, empty] = [
  createScene({ lang: 'en', title: 'One', counts, text: 'One two.' }),
  createScene({ lang: 'en', title: 'Two', counts, text: 'Two two.', summary: 'It happens.' }),
  createScene({ lang: 'en', title: 'Empty' }),
];
const story = {
  ...createStory('Tale', 'en'),
  scenes: { [first.id]: first, [second.id]: second, [empty.id]: empty },
  outline: [first, second, empty].map(({ id }) => ({ kind: 'scene' as const, id })),
};

test('what needs a summary or a translation is what has a text and lacks it', () => {
  expect(unsummarised(story, 'en')).toEqual([first.id]);
  expect(untranslated(story, 'zh')).toEqual([first.id, second.id]);
  expect(untranslated(story, 'en')).toEqual([]);
});

test('translations taken over together stand each after its original, and are known as such', () => {
  const order = { kind: 'translate-scenes', options: { language: 'zh' } } as const;
  const { commands, count } = planAcceptance(story, order, [
    { item: first.id, text: '一。' },
    { item: second.id, text: '二。' },
    { item: 'gone', text: '没有。' },
  ]);
  expect(count).toBe(2);
  const { story: after, inverses } = applyCommands(story, commands);
  expect(sceneOrder(after.outline).map((id) => after.scenes[id]?.text?.trim())).toEqual([
    'One two.',
    '一。',
    'Two two.',
    '二。',
    '',
  ]);
  expect([first.id, second.id].every((id) => translated(after).has(id))).toBe(true);
  expect(untranslated(after, 'zh')).toEqual([]);
  expect(applyCommands(after, inverses).story).toEqual(story);
});

test('a summary taken over is the scene’s own', () => {
  const order = { kind: 'summarise-scenes', options: { language: 'en' } } as const;
  const { commands } = planAcceptance(story, order, [{ item: first.id, text: ' It begins. ' }]);
  expect(applyCommands(story, commands).story.scenes[first.id]?.summary).toBe('It begins.');
});
