import { describe, expect, test } from 'vitest';
import { wordChanges } from '#renderer/components/wordChanges.ts';
import { planReplace, replacementFor } from '#renderer/features/find/planReplace.ts';
import { changedScenes } from '#renderer/features/snapshots/changedScenes.ts';
import type { SearchMatch, SearchQuery } from '#shared/contract/studio.ts';
import { applyCommands } from '#shared/story/apply.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import { CharacterId, SceneId } from '#shared/story/ids.ts';

const sceneId = SceneId.parse('scene00001');
const characterId = CharacterId.parse('person0001');
const query: SearchQuery = { text: 'crystal', regex: false, matchCase: false, wholeWord: false };

const story = applyCommands(createStory('Test', 'en'), [
  {
    kind: 'scene.add',
    scene: createScene({ id: sceneId, lang: 'en', title: 'A crystal', text: 'The crystal saw a Crystal.' }),
    parentId: null,
    index: 0,
  },
  {
    kind: 'character.add',
    character: createCharacter({ id: characterId, name: 'Crystal', aliases: ['Crystal one', 'Crystal two'] }),
    index: 0,
  },
]).story;

const match = (target: SearchMatch['target'], field: string, at: number, matched: string): SearchMatch => ({
  target,
  field,
  at,
  length: matched.length,
  before: '',
  matched,
  after: '',
});
const scene = { kind: 'scene', id: sceneId } as const;
const character = { kind: 'character', id: characterId } as const;

describe('replacing in the whole story', () => {
  test('changes texts, titles and lists, and goes back in one step', () => {
    const commands = planReplace(
      story,
      [
        match(scene, 'text', 4, 'crystal'),
        match(scene, 'text', 18, 'Crystal'),
        match(scene, 'title', 2, 'crystal'),
        match(character, 'aliases.0', 0, 'Crystal'),
        match(character, 'aliases.1', 0, 'Crystal'),
      ],
      query,
      'gem',
    );
    const { story: after, inverses } = applyCommands(story, commands ?? []);
    expect(after.scenes[sceneId]).toMatchObject({ title: 'A gem', text: 'The gem saw a gem.' });
    expect(after.characters[characterId]?.aliases).toEqual(['gem one', 'gem two']);
    const before = applyCommands(after, inverses).story;
    expect(before.scenes[sceneId]?.text).toBe('The crystal saw a Crystal.');
    expect(before.characters).toEqual(story.characters);
  });

  test('refuses as a whole when a text has changed since the search', () => {
    const matches = [match(scene, 'title', 2, 'crystal'), match(scene, 'text', 5, 'crystal')];
    expect(planReplace(story, matches, query, 'gem')).toBeNull();
  });

  test('refuses a scene whose text nobody has read', () => {
    const unread = applyCommands(story, []).story;
    const scenes = { [sceneId]: { ...createScene({ id: sceneId, lang: 'en' }), text: null } };
    expect(planReplace({ ...unread, scenes }, [match(scene, 'text', 4, 'crystal')], query, 'gem')).toBeNull();
  });

  test.each([
    ['plain text stays as typed', query, 'crystal', '$1', '$1'],
    [
      'groups of a regular expression are filled in',
      { ...query, text: '(c)rystal', regex: true },
      'Crystal',
      '$1-',
      'C-',
    ],
    [
      'a look-behind that sees only the match falls back to the text',
      { ...query, text: '(?<=e )crystal', regex: true },
      'crystal',
      'gem',
      'gem',
    ],
  ] as const)('%s', (_name, search, matched, replacement, expected) => {
    expect(replacementFor(matched, search, replacement)).toBe(expected);
  });
});

describe('comparing', () => {
  test('word by word, whole words only', () => {
    expect(wordChanges('The red stone sang.', 'The green stone sang.', 'en')).toEqual([
      { kind: 'same', text: 'The ' },
      { kind: 'removed', text: 'red' },
      { kind: 'added', text: 'green' },
      { kind: 'same', text: ' stone sang.' },
    ]);
  });

  test('Chinese is compared by its words, not by sentence', () => {
    const changes = wordChanges('森林里有一块水晶。', '森林里有一块石头。', 'zh');
    expect(changes.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: '水晶' },
      { kind: 'added', text: '石头' },
    ]);
  });

  test('lists scenes that changed, came and went', () => {
    const fresh = createScene({ id: SceneId.parse('scene00002'), lang: 'zh', title: '新', text: '字' });
    const later = applyCommands(story, [
      { kind: 'text.edit', id: sceneId, edits: [{ at: 0, removed: 'The', inserted: 'A' }] },
      { kind: 'scene.add', scene: fresh, parentId: null, index: 0 },
    ]).story;
    expect(changedScenes(story, later).map(({ id, kind }) => [id, kind])).toEqual([
      [fresh.id, 'added'],
      [sceneId, 'changed'],
    ]);
    expect(changedScenes(later, story).map(({ kind }) => kind)).toEqual(['changed', 'removed']);
    expect(changedScenes(story, story)).toEqual([]);
  });
});
