import { expect, test } from 'vitest';
import { checkTemplate, placesOf } from '#renderer/features/templates/checkTemplate.ts';
import { builtInTemplates } from '#shared/text/prompts/templates.ts';

test('says which words nothing fills in, and what a model will not be told any more', () => {
  expect(checkTemplate('In {title}: {scene} {mood}', 'For {title}. {scene} {characters}')).toEqual({
    unknown: ['{mood}'],
    missing: ['characters'],
  });
});

test('built-in templates name only what is filled in', () => {
  for (const text of Object.values(builtInTemplates)) {
    expect(checkTemplate(text, text)).toEqual({ unknown: [], missing: [] });
    expect(placesOf(text).length).toBeGreaterThan(0);
  }
});
