import type { Character } from './character.ts';
import { createCharacterId, createSceneId, createStoryId } from './ids.ts';
import type { Language, Scene } from './scene.ts';
import type { Story } from './story.ts';

export function createStory(title: string, language: Language): Story {
  return {
    id: createStoryId(),
    title,
    author: '',
    language,
    secondLanguage: null,
    summary: '',
    cover: null,
    settings: { aiEnabled: true, templates: {} },
    outline: [],
    scenes: {},
    characters: {},
    characterOrder: [],
    images: {},
    trash: [],
    decisions: [],
    extra: {},
  };
}

export function createScene(fields: Partial<Scene> & Pick<Scene, 'lang'>): Scene {
  return {
    id: createSceneId(),
    title: '',
    summary: '',
    status: 'idea',
    characterIds: [],
    pictures: [],
    authorNote: '',
    alternatives: [],
    counts: { words: 0, charactersNoSpaces: 0 },
    text: '',
    extra: {},
    ...fields,
  };
}

export function createCharacter(fields: Partial<Character> & Pick<Character, 'name'>): Character {
  return {
    id: createCharacterId(),
    aliases: [],
    description: '',
    visualDescription: '',
    fields: [],
    notes: '',
    portrait: null,
    pictures: [],
    extra: {},
    ...fields,
  };
}
