import { expect, test } from 'vitest';
import { planFix } from '#renderer/features/consistency/planDecision.ts';
import type { Fix } from '#shared/consistency/findings.ts';
import { applyCommand } from '#shared/story/apply.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import type { Story } from '#shared/story/story.ts';

const scene = createScene({ lang: 'en', text: 'Rain. Her hair was black. Rain. Her hair was black.' });
const mara = createCharacter({
  name: 'Mara',
  visualDescription: 'Tall. Silver hair.',
  fields: [{ name: 'Eyes', value: 'grey' }],
});
const story: Story = {
  ...createStory('A story', 'en'),
  scenes: { [scene.id]: scene },
  characters: { [mara.id]: mara },
  characterOrder: [mara.id],
};
const inScene = (at: number): Fix => ({
  target: { kind: 'scene', sceneId: scene.id },
  edit: { at, removed: 'black', inserted: 'silver' },
  before: 'Her hair was black.',
  after: 'Her hair was silver.',
});
const after = (fix: Fix): Story | null => {
  const command = planFix(story, fix);
  return command ? applyCommand(story, command).story : null;
};

test('a fix changes the sentence that was meant, also where it has moved', () => {
  expect(after(inScene(19))?.scenes[scene.id]?.text).toBe(
    'Rain. Her hair was silver. Rain. Her hair was black.',
  );
  expect(after(inScene(50))?.scenes[scene.id]?.text).toBe(
    'Rain. Her hair was black. Rain. Her hair was silver.',
  );
});

test('a fix of a sentence that is gone is none', () => {
  expect(after({ ...inScene(19), before: 'His hair was black.', after: 'His hair was silver.' })).toBeNull();
});

test('a fix of the sheet changes its text or its line and nothing else', () => {
  const sheet = { kind: 'sheet', characterId: mara.id, line: 0 } as const;
  const text = after({
    target: { ...sheet, field: 'visualDescription' },
    edit: { at: 6, removed: 'Silver', inserted: 'Black' },
    before: 'Silver hair.',
    after: 'Black hair.',
  });
  expect(text?.characters[mara.id]?.visualDescription).toBe('Tall. Black hair.');
  const line = after({
    target: { ...sheet, field: 'fields' },
    edit: { at: 0, removed: 'grey', inserted: 'brown' },
    before: 'grey',
    after: 'brown',
  });
  expect(line?.characters[mara.id]?.fields).toEqual([{ name: 'Eyes', value: 'brown' }]);
});
