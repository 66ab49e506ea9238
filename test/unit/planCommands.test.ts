import { expect, test } from 'vitest';
import { planCommands } from '#shared/models/planCommands.ts';
import { createPlannedScene, type StoryPlan } from '#shared/models/storyPlan.ts';
import { applyCommands } from '#shared/story/apply.ts';
import { createCharacter, createStory } from '#shared/story/create.ts';
import { createCharacterId, createSceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';

const tomas = createCharacter({ name: 'Tomas' });
const story = {
  ...createStory('Untitled', 'en'),
  characters: { [tomas.id]: tomas },
  characterOrder: [tomas.id],
};
const elara = { id: createCharacterId(), name: 'Elara', description: 'a sorceress' };
const [first, second] = [createSceneId(), createSceneId()];
const plan: StoryPlan = {
  storyId: story.id,
  language: 'en',
  premise: 'A crystal calls.',
  sceneCount: 2,
  imageIds: [],
  modelId: null,
  seed: 1,
  title: 'The Crystal',
  titles: [],
  characters: [elara, { id: createCharacterId(), name: ' ', description: 'nobody' }],
  scenes: [
    {
      ...createPlannedScene(first, { title: 'Down', summary: 'Elara goes down.' }),
      text: 'Elara met Tomas.',
      isWritten: true,
    },
    createPlannedScene(second, { title: 'Up', summary: 'Nobody comes up.' }),
  ],
  settled: [],
};

test('a plan goes into the story: title, premise, characters, scenes with their text and who is in them', () => {
  const { story: after } = applyCommands(story, planCommands(story, plan, { withTitle: true }));
  expect(after).toMatchObject({ title: 'The Crystal', summary: 'A crystal calls.' });
  expect(after.characterOrder.map((id) => after.characters[id]?.name)).toEqual(['Tomas', 'Elara']);
  expect(sceneOrder(after.outline)).toEqual([first, second]);
  expect(after.scenes[first]).toMatchObject({
    text: 'Elara met Tomas.\n',
    status: 'draft',
    characterIds: [tomas.id, elara.id],
    counts: { words: 3 },
  });
  expect(after.scenes[second]).toMatchObject({ text: '', status: 'idea', characterIds: [] });
});

test('twice in is as once in, and the title stays the writer’s unless wished', () => {
  const { story: once } = applyCommands(story, planCommands(story, plan, { withTitle: false }));
  expect(once.title).toBe('Untitled');
  expect(planCommands(once, plan, { withTitle: false })).toEqual([]);
});
