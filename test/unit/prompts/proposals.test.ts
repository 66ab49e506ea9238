import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charactersOf, scenesOf, titlesOf, wholeLines } from '#shared/text/proposals/proposals.ts';

test('titles are read from any list a model writes, each once', () => {
  expect(
    titlesOf(
      'Here are five titles:\n\n1. "The Glass Forest"\n2. **Stone and Song**\n- The Glass Forest\n3) A Crown: Broken.',
    ),
  ).toEqual(['The Glass Forest', 'Stone and Song', 'A Crown: Broken']);
  expect(titlesOf('标题：《水晶守护者》\n①《银色森林》\n2、洞穴之歌。')).toEqual([
    '水晶守护者',
    '银色森林',
    '洞穴之歌',
  ]);
});

test('characters come with what they are, wherever the description stands', () => {
  expect(
    charactersOf(
      '1. **Elara**: a young sorceress with silver hair.\n2. Old Root - a tree that talks\nName: Tomas, Description: a shy boy\n**Ithil**\nDescription: a small crystal.\nShe hums.',
    ),
  ).toEqual([
    { name: 'Elara', description: 'a young sorceress with silver hair.' },
    { name: 'Old Root', description: 'a tree that talks' },
    { name: 'Tomas', description: 'a shy boy' },
    { name: 'Ithil', description: 'a small crystal. She hums.' },
  ]);
  expect(charactersOf('角色：艾拉，描述：银发少女\n2. 老树根——会说话的树')).toEqual([
    { name: '艾拉', description: '银发少女' },
    { name: '老树根', description: '会说话的树' },
  ]);
});

test('scenes have a title and what happens; a line of prose is given a title', () => {
  expect(
    scenesOf(
      'Scene 1: The Forest - Elara hears a voice.\n2. The Cave: They go down.\n3. In the end everybody returns to the village, tired but happy.',
      'en',
    ),
  ).toEqual([
    { title: 'The Forest', summary: 'Elara hears a voice.' },
    { title: 'The Cave', summary: 'They go down.' },
    {
      title: 'In the end everybody returns to',
      summary: 'In the end everybody returns to the village, tired but happy.',
    },
  ]);
  expect(scenesOf('第一章：琉璃森林：艾拉听见了声音。\n2. 山洞：他们走下去。', 'zh')).toEqual([
    { title: '琉璃森林', summary: '艾拉听见了声音。' },
    { title: '山洞', summary: '他们走下去。' },
  ]);
});

test('whatever a model writes, reading it ends and gives short heads', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      for (const title of titlesOf(text)) expect(title.length).toBeLessThanOrEqual(90);
      for (const { name } of charactersOf(text)) expect(name.length).toBeLessThanOrEqual(40);
      for (const { title } of scenesOf(text, 'zh')) expect(title.length).toBeLessThanOrEqual(90);
    }),
    { numRuns: 300 },
  );
});

test('a sentence is what happens, not a heading, even with a colon in it', () => {
  expect(scenesOf('1.艾拉迷路了。水晶好奇地问道：“你找谁？”\n2. 他们一起回家。', 'zh')).toEqual([
    { title: '艾拉迷路了', summary: '艾拉迷路了。水晶好奇地问道：你找谁？' },
    { title: '他们一起回家', summary: '他们一起回家。' },
  ]);
});

test('of an answer that broke off, the broken line does not count', () => {
  expect(wholeLines('1. One.\n2. Two.\n3. Th', true)).toBe('1. One.\n2. Two.');
  expect(wholeLines('1. One.\n2. Two.', false)).toBe('1. One.\n2. Two.');
  expect(wholeLines('1. On', true)).toBe('1. On');
});
