import { expect, test } from 'vitest';
import type { ComposeContext } from '#shared/models/compose.ts';
import { composePrompt } from '#shared/text/prompts/composePrompt.ts';
import type { PromptModel } from '#shared/text/prompts/fitParts.ts';

const model = (budgetTokens: number): PromptModel => ({
  form: 'chat',
  budgetTokens,
  count: (text) => Math.ceil(text.length / 2),
  render: (lead, text) => `<<${lead}|${text}>>`,
});

const context: ComposeContext = {
  purpose: 'outline',
  language: 'en',
  storyTitle: 'The Crystal Guardian',
  storySummary: 'A crystal keeps a village safe.',
  instruction: 'A sad end.',
  authorNote: '',
  characters: [{ name: 'Elara', aliases: [], description: 'a sorceress', visualDescription: '' }],
  scenes: [{ title: 'The cave', summary: 'They go down.' }],
  pictures: ['A forest of glass'],
  source: '',
  beginning: '1. ',
  templates: {},
};

test('tells a planner all there is, and how to begin', () => {
  const { prompt, parts } = composePrompt(context, model(2000));
  for (const told of [
    'Crystal Guardian',
    'village safe',
    'sad end',
    'Elara',
    'The cave: They go down.',
    'glass',
  ]) {
    expect(prompt).toContain(told);
  }
  expect(prompt.endsWith('|1.>>') || prompt.endsWith('|1. >>')).toBe(true);
  expect(parts.every(({ sent }) => sent === 'whole')).toBe(true);
});

test('every purpose has its template in both languages, and the writer may change it', () => {
  const source = 'Once.';
  expect(composePrompt({ ...context, purpose: 'summary', source }, model(999)).prompt).toContain('Summarise');
  expect(
    composePrompt({ ...context, purpose: 'translation', language: 'zh', source }, model(999)).prompt,
  ).toContain('翻译成中文');
  const templates = { 'rewrite.en': 'Shorter: {source}' };
  expect(composePrompt({ ...context, purpose: 'rewrite', source, templates }, model(999)).prompt).toBe(
    '<<Shorter: Once.|1.>>',
  );
});

test('a source that does not fit is cut, and the cut is told', () => {
  const source = Array.from({ length: 100 }, (_, index) => `Sentence ${String(index)} is here.`).join(' ');
  const { parts, promptTokens } = composePrompt({ ...context, purpose: 'summary', source }, model(300));
  expect(promptTokens).toBeLessThanOrEqual(300);
  expect(parts.find(({ name }) => name === 'source')?.sent).toBe('cut');
});
