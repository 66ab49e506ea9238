import { expect, test } from 'vitest';
import {
  applyPlanEdit,
  createPlannedScene,
  nextStep,
  type StoryPlan,
  withCharacters,
  withScene,
  withScenes,
  withTitles,
} from '#shared/models/storyPlan.ts';
import { createCharacterId, createSceneId, createStoryId } from '#shared/story/ids.ts';

const fresh: StoryPlan = {
  storyId: createStoryId(),
  language: 'en',
  premise: 'A crystal keeps a village safe.',
  sceneCount: 2,
  imageIds: [],
  modelId: null,
  seed: 1,
  title: '',
  titles: [],
  characters: [],
  scenes: [],
  settled: [],
};

test('goes from the title to the characters, the outline and every scene in order', () => {
  const kinds: string[] = [];
  let plan = fresh;
  for (let step = nextStep(plan); step.kind !== 'done'; step = nextStep(plan)) {
    kinds.push(step.kind);
    if (step.kind === 'title') plan = withTitles(plan, ['The Glass Forest', 'Stone']);
    else if (step.kind === 'characters') plan = withCharacters(plan, [], [], createCharacterId);
    else if (step.kind === 'outline') {
      const scenes = ['One', 'Two', 'Three'].map((title) => ({ title, summary: '' }));
      plan = withScenes(plan, scenes, createSceneId);
    } else if ('scene' in step) plan = withScene(plan, step.scene.id, { text: 'Once.', isWritten: true });
  }
  expect(kinds).toEqual(['title', 'characters', 'outline', 'scene', 'scene']);
  expect(plan.title).toBe('The Glass Forest');
  expect(plan.scenes.map(({ title }) => title)).toEqual(['One', 'Two']);
});

test('what the writer did meanwhile stays', () => {
  expect(withTitles({ ...fresh, title: 'Mine' }, ['Theirs'])).toMatchObject({
    title: 'Mine',
    titles: ['Theirs'],
  });
  const mine = { id: createCharacterId(), name: 'Elara', description: 'mine' };
  const proposed = [
    { name: 'elara', description: 'theirs' },
    { name: 'Root', description: 'a tree' },
    { name: 'Tomas', description: 'known to the story' },
  ];
  const { characters } = withCharacters(
    { ...fresh, characters: [mine] },
    proposed,
    ['Tomas'],
    createCharacterId,
  );
  expect(characters.map(({ name, description }) => [name, description])).toEqual([
    ['Elara', 'mine'],
    ['Root', 'a tree'],
  ]);
  const scene = createPlannedScene(createSceneId(), { title: 'Mine', summary: '' });
  const planned = withScenes(
    { ...fresh, scenes: [scene] },
    [
      { title: 'a', summary: '' },
      { title: 'b', summary: '' },
    ],
    createSceneId,
  );
  expect(planned.scenes.map(({ title }) => title)).toEqual(['Mine', 'a']);
  expect(withScene(fresh, scene.id, { text: 'x' }).scenes).toEqual([]);
});

test('an edit touches one thing, and leaves alone what is not there any more', () => {
  const [first, second] = [createSceneId(), createSceneId()];
  let plan = applyPlanEdit(fresh, { kind: 'scene', id: first, patch: { title: 'One' } });
  plan = applyPlanEdit(plan, {
    kind: 'scene',
    id: second,
    patch: { title: 'Two', text: 'Written.', isWritten: true },
  });
  plan = applyPlanEdit(plan, { kind: 'scene.move', id: second, index: 0 });
  plan = applyPlanEdit(plan, { kind: 'scene', id: first, patch: { summary: 'Things happen.' } });
  expect(plan.scenes.map(({ title, summary, text }) => [title, summary, text])).toEqual([
    ['Two', '', 'Written.'],
    ['One', 'Things happen.', ''],
  ]);
  plan = applyPlanEdit(plan, { kind: 'scene.remove', id: second });
  expect(applyPlanEdit(plan, { kind: 'scene.move', id: second, index: 0 })).toEqual(plan);
  plan = applyPlanEdit(plan, { kind: 'settle', stage: 'title', isSettled: true });
  expect(nextStep(plan).kind).toBe('characters');
  plan = applyPlanEdit(plan, { kind: 'settle', stage: 'title', isSettled: false });
  expect(nextStep(plan).kind).toBe('title');
});
