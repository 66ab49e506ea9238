import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CharacterContext, WriteContext } from '#shared/models/task.ts';
import { assemblePrompt } from '#shared/text/prompts/assemblePrompt.ts';
import type { PromptModel } from '#shared/text/prompts/fitParts.ts';
import { caveScene, caveSceneZh } from '../../support/writing.ts';

/** Counts a token for every two UTF-16 units: exact enough to test budgets, and not additive, as real counts are not. */
const model = (budgetTokens: number, form: PromptModel['form'] = 'chat'): PromptModel => ({
  form,
  budgetTokens,
  count: (text) => Math.ceil(text.length / 2),
  render: (lead, text) => `<<${lead}|${text}>>`,
});

const character: fc.Arbitrary<CharacterContext> = fc.record({
  name: fc.stringMatching(/^[A-Z][a-z]{2,8}$/),
  aliases: fc.constant<string[]>([]),
  description: fc.lorem({ maxCount: 20 }),
  visualDescription: fc.constant(''),
});
const context: fc.Arbitrary<WriteContext> = fc.record({
  language: fc.constantFrom('en' as const, 'zh' as const),
  storyTitle: fc.lorem({ maxCount: 3 }),
  storySummary: fc.lorem({ maxCount: 60 }),
  sceneTitle: fc.lorem({ maxCount: 3 }),
  sceneSummary: fc.lorem({ maxCount: 60 }),
  authorNote: fc.lorem({ maxCount: 20 }),
  instruction: fc.lorem({ maxCount: 15 }),
  textBefore: fc.lorem({ maxCount: 300, mode: 'sentences' }),
  characters: fc.uniqueArray(character, { maxLength: 12, selector: ({ name }) => name }),
  before: fc.array(fc.record({ title: fc.lorem({ maxCount: 3 }), summary: fc.lorem({ maxCount: 20 }) }), {
    maxLength: 8,
  }),
  pictures: fc.array(fc.lorem({ maxCount: 12 }), { maxLength: 6 }),
  templates: fc.constant({}),
});

test('never takes more than the budget, and says of every part what became of it', () => {
  fc.assert(
    fc.property(
      context,
      fc.integer({ min: 120, max: 2000 }),
      fc.constantFrom('chat', 'continue'),
      (told, budget, form) => {
        const { prompt, promptTokens, parts } = assemblePrompt(told, model(budget, form));
        expect(promptTokens).toBeLessThanOrEqual(budget);
        expect(promptTokens).toBe(Math.ceil(prompt.length / 2));
        expect(
          parts
            .filter(({ name }) => name === 'character')
            .map(({ label }) => label)
            .sort(),
        ).toEqual(told.characters.map(({ name }) => name).sort());
        expect(parts.filter(({ name }) => name === 'picture')).toHaveLength(
          told.pictures.filter(Boolean).length,
        );
        const text = parts.find(({ name }) => name === 'text');
        if (text && text.sent !== 'left-out') expect(prompt).toContain(text.text);
      },
    ),
  );
});

test('sends everything when it fits', () => {
  const told: WriteContext = {
    ...caveScene,
    textBefore: 'They went in.',
    instruction: 'Let them meet a bat.',
    authorNote: 'Keep it light.',
    pictures: ['A blue crystal'],
  };
  const { parts, prompt } = assemblePrompt(told, model(5000));
  expect(new Set(parts.map(({ sent }) => sent))).toEqual(new Set(['whole']));
  for (const fact of [
    'The Crystal Guardian',
    'The cave',
    'Elara',
    'Tomas',
    'A blue crystal',
    'bat',
    'light',
  ]) {
    expect(prompt).toContain(fact);
  }
});

test('cuts the text at a sentence, keeps its end, and tells the cut', () => {
  const sentences = Array.from({ length: 200 }, (_, index) => `Sentence number ${String(index)} ends here.`);
  const told = { ...caveScene, textBefore: sentences.join(' ') };
  const { prompt, parts } = assemblePrompt(told, model(300));
  const text = parts.find(({ name }) => name === 'text');
  expect(text?.sent).toBe('cut');
  expect(text?.text).toMatch(/^Sentence number \d+ ends here\./);
  expect(prompt.endsWith('Sentence number 199 ends here.>>')).toBe(true);
});

test('characters whom the text names come before those who are only listed', () => {
  const crowd = ['Ann', 'Ben', 'Cleo', 'Dora'].map((name) => ({
    name,
    aliases: name === 'Dora' ? ['the ferrywoman'] : [],
    description: 'x'.repeat(120),
    visualDescription: '',
  }));
  const told = {
    ...caveScene,
    sceneSummary: '',
    storySummary: '',
    textBefore: 'The ferrywoman waved to Cleo.',
    characters: crowd,
  };
  const { parts } = assemblePrompt(told, model(260));
  const sent = (label: string) => parts.find((part) => part.label === label)?.sent;
  expect({ cleo: sent('Cleo'), dora: sent('Dora'), ben: sent('Ben') }).toEqual({
    cleo: 'whole',
    dora: 'whole',
    ben: 'left-out',
  });
});

test('paragraphs of a template that say nothing are left out', () => {
  const { prompt } = assemblePrompt({ ...caveScene, characters: [], storySummary: '' }, model(5000));
  expect(prompt).not.toContain('Characters');
  expect(prompt).not.toMatch(/\{[a-z]+\}|\n{3,}/i);
});

test("the writer's own template takes the place of the built-in one", () => {
  const told = { ...caveScene, templates: { 'chat.en': 'In {title}: {scene} {unknown}' } };
  expect(assemblePrompt(told, model(5000)).prompt).toBe(
    `<<In The Crystal Guardian: ${caveScene.sceneSummary} {unknown}|>>`,
  );
});

test('a base model is given the beginning of a story, an instructed one a task', () => {
  const lead = (told: WriteContext, form: PromptModel['form']) =>
    assemblePrompt(told, model(5000, form)).prompt;
  expect(lead(caveScene, 'continue')).toContain(
    'Once upon a time, there was a brave young girl named Elara with silver hair. There was also a shy boy named Tomas who loves animals.',
  );
  expect(lead(caveScene, 'chat')).toContain(
    'Character: Elara, Description: a brave young girl with silver hair',
  );
  expect(lead(caveSceneZh, 'chat')).toContain('角色: 艾拉, 描述: 勇敢的银发少女');
});

test('spaces at the end of the text are not sent: no model goes on well after them', () => {
  expect(assemblePrompt({ ...caveScene, textBefore: 'They went in.  ' }, model(5000)).prompt).toContain(
    'went in.>>',
  );
});

test('of the scenes before, the newest are kept and all stand in their order', () => {
  const before = Array.from({ length: 30 }, (_, index) => ({
    title: `Scene ${String(index)}`,
    summary: `Event ${String(index)} happened to somebody somewhere.`,
  }));
  const { prompt, parts } = assemblePrompt({ ...caveScene, before }, model(420));
  const sent = parts.filter((part) => part.name === 'before' && part.sent === 'whole');
  expect(sent.length).toBeGreaterThan(2);
  expect(sent.length).toBeLessThan(30);
  expect(sent.map(({ label }) => label)).toContain('Scene 29');
  expect(sent.map(({ label }) => label)).not.toContain('Scene 0');
  const places = sent.map(({ text }) => prompt.indexOf(text));
  expect(places.toReversed()).toEqual(places.toSorted((a, b) => a - b));
});
