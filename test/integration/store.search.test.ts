import { expect, test } from 'vitest';
import { searchStory } from '#electron/services/studio/search/searchStory.ts';
import type { SearchQuery } from '#shared/contract/studio.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import type { Story } from '#shared/story/story.ts';
import { bigStory } from '../support/bigStory.ts';

const scene = createScene({
  lang: 'en',
  title: 'Lantern light',
  text: 'The lantern-bearer lit a Lantern. Lanterns everywhere.\n\n研究生命的起源，研究生很多。',
});
const character = createCharacter({
  name: 'Elara',
  aliases: ['Lantern'],
  fields: [{ name: 'Age', value: '31' }],
});
const story: Story = {
  ...createStory('Search', 'en'),
  outline: [{ kind: 'scene', id: scene.id }],
  scenes: { [scene.id]: scene },
  characters: { [character.id]: character },
  characterOrder: [character.id],
};

const find = (query: Partial<SearchQuery> & { text: string }, limit = 100) =>
  searchStory(story, new Map(), { regex: false, matchCase: false, wholeWord: false, ...query }, limit);
const where = async (query: Partial<SearchQuery> & { text: string }) =>
  (await find(query)).matches.map(({ field, at }) => `${field}:${String(at)}`);

test('finds a word in every field, with its surroundings', async () => {
  expect(await where({ text: 'lantern' })).toEqual([
    'title:0',
    'text:4',
    'text:25',
    'text:34',
    'aliases.0:0',
  ]);
  const { matches } = await find({ text: 'Lantern.', matchCase: true });
  expect(matches).toMatchObject([
    { at: 25, length: 8, matched: 'Lantern.', before: 'The lantern-bearer lit a ' },
  ]);
});

test('matches case, whole words, and plain signs that a pattern would read otherwise', async () => {
  expect(await where({ text: 'Lantern', matchCase: true, wholeWord: true })).toEqual([
    'title:0',
    'text:25',
    'aliases.0:0',
  ]);
  expect(await where({ text: 'e.' })).toEqual(['text:52']);
});

test('knows Chinese words: 研究生 stands once alone, 生命 is a word inside of 研究生命', async () => {
  expect(await where({ text: '研究生' })).toHaveLength(2);
  expect(await where({ text: '起源', wholeWord: true })).toHaveLength(1);
  expect(await where({ text: '源，研', wholeWord: true })).toEqual([]);
});

test('runs patterns, says which are none, and stops those that would never end', async () => {
  expect(await where({ text: 'L[a-z]+s\\b', regex: true })).toEqual(['text:34']);
  await expect(find({ text: '(', regex: true })).rejects.toMatchObject({ code: 'input/invalid' });
  const slow: Story = { ...story, scenes: { [scene.id]: { ...scene, text: `${'a'.repeat(60)}!` } } };
  const query = { text: '(a+)+$', regex: true, matchCase: true, wholeWord: false };
  await expect(searchStory(slow, new Map(), query, 10)).rejects.toMatchObject({ code: 'input/invalid' });
});

test('an empty match is no match, and a limit is told', async () => {
  expect(await where({ text: 'x*', regex: true })).toEqual([]);
  expect(await find({ text: 'lantern' }, 2)).toMatchObject({ truncated: true, matches: [{}, {}] });
});

test('searches 300,000 words whole', async () => {
  const big = bigStory();
  const query = { text: 'harbour (?:while|rain)', regex: true, matchCase: false, wholeWord: true };
  const { matches, truncated } = await searchStory(big, new Map(), query, 10_000);
  const texts = Object.values(big.scenes).map(({ text }) => text ?? '');
  const inTexts = texts.join('\n').match(/\bharbour (?:while|rain)\b/gi)?.length ?? 0;
  const { length } = matches.filter(({ field }) => field === 'text');
  expect(inTexts).toBeGreaterThan(100);
  expect([length, truncated]).toEqual([inTexts, false]);
});
