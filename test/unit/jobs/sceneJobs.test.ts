import { expect, test } from 'vitest';
import { planAcceptance } from '#renderer/features/activity/planAcceptance.ts';
import { applyCommands } from '#shared/story/apply.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import { createNodeId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import { untranslated } from '#shared/story/translation.ts';
import { unsummarised } from '#shared/story/unsummarised.ts';

const written = (title: string, fields: Partial<Scene> = {}): Scene =>
  createScene({
    lang: 'en',
    title,
    counts: { words: 2, charactersNoSpaces: 9 },
    text: 'Some text',
    ...fields,
  });

const cave = written('Cave', { summary: 'She goes down.' });
const river = written('River');
const riverInChinese = written('河', { lang: 'zh' });
const end = written('End');
const empty = createScene({ lang: 'en', title: 'Nothing yet' });
const gone = written('Gone');
const all = [cave, river, riverInChinese, end, empty, gone];
const node = ({ id }: Scene) => ({ kind: 'scene' as const, id });
const story = {
  ...createStory('Tale', 'en'),
  outline: [
    node(cave),
    {
      kind: 'chapter' as const,
      id: createNodeId(),
      title: 'One',
      children: [river, riverInChinese, end].map(node),
    },
    node(empty),
  ],
  scenes: Object.fromEntries(all.map((scene) => [scene.id, scene])),
};

test('scenes with a text and without a summary are found, by language; those out of the order are not', () => {
  expect(unsummarised(story, 'en')).toEqual([river.id, end.id]);
  expect(unsummarised(story, 'zh')).toEqual([riverInChinese.id]);
});

test('a scene is translated where the scene right after it is in the other language', () => {
  expect(untranslated(story, 'zh')).toEqual([cave.id, end.id]);
});

test('summaries taken over together are one step that undo takes back', () => {
  const order = { kind: 'summarise-scenes', options: { language: 'en' } } as const;
  const { commands, count } = planAcceptance(story, order, [
    { item: river.id, text: ' They cross. ' },
    { item: end.id, text: ' ' },
    { item: gone.id, text: 'Nobody sees it' },
    { item: 'no scene', text: 'nonsense' },
  ]);
  expect(count).toBe(1);
  const { story: after, inverses } = applyCommands(story, commands);
  expect(after.scenes[river.id]?.summary).toBe('They cross.');
  expect(applyCommands(after, inverses).story).toEqual(story);
});

test('translations taken over together each follow their own original, in whatever order they are given', () => {
  const order = { kind: 'translate-scenes', options: { language: 'zh' } } as const;
  const accepted = [
    { item: cave.id, text: '洞' },
    { item: end.id, text: '完' },
  ];
  for (const texts of [accepted, accepted.toReversed()]) {
    const { commands, count } = planAcceptance(story, order, texts);
    expect(count).toBe(2);
    const { story: after, inverses } = applyCommands(story, commands);
    const shown = sceneOrder(after.outline).map((id) => {
      const { lang, title, text } = after.scenes[id] as Scene;
      return lang === 'zh' ? `${title}: ${String(text)}` : title;
    });
    expect(shown).toEqual([
      'Cave',
      'Cave: 洞\n',
      'River',
      '河: Some text',
      'End',
      'End: 完\n',
      'Nothing yet',
    ]);
    expect(untranslated(after, 'zh')).toEqual([]);
    expect(sceneOrder(applyCommands(after, inverses).story.outline)).toEqual(sceneOrder(story.outline));
  }
});
