import { describe, expect, test } from 'vitest';
import { type Half, labelledCases, rates, type Source, scoreCase } from '../../support/consistencySet.ts';

const languages = ['en', 'zh'] as const;
const parts: readonly Half[] = ['development', 'held-out', 'second-held-out'];
const scored = (part: Half, language: 'en' | 'zh') =>
  labelledCases(part, language).flatMap((story) => scoreCase(story, language));

describe('the labelled set', () => {
  test('plants at least a hundred contradictions, half of them in Chinese, beside as many stories without any', () => {
    const counts = languages.map((language) => {
      const stories = parts.flatMap((part) => labelledCases(part, language));
      return {
        planted: stories.reduce((sum, { expect: labels }) => sum + labels.length, 0),
        controls: stories.filter(({ expect: labels }) => labels.length === 0).length,
      };
    });
    for (const { planted, controls } of counts) {
      expect(planted).toBeGreaterThanOrEqual(70);
      expect(controls).toBeGreaterThanOrEqual(70);
    }
  });

  test('quotes evidence that stands in its stories', () => {
    for (const language of languages) {
      for (const { id, cast, scenes, pictures, expect: labels } of parts.flatMap((part) =>
        labelledCases(part, language),
      )) {
        const told = JSON.stringify([cast, scenes, pictures]);
        for (const { evidence } of labels) {
          for (const quote of evidence)
            expect(told, `${id}: ${quote}`).toContain(JSON.stringify(quote).slice(1, -1));
        }
      }
    }
  });
});

/** As measured (docs/reliability.md), less a little. What falls below was made worse. */
describe.each(languages)('precision and recall (%s)', (language) => {
  test.each(parts)('on the %s part do not fall', (part) => {
    const all = scored(part, language);
    const misses = all
      .filter(({ outcome }) => outcome !== 'hit')
      .map(({ caseId, outcome, detail }) => `${outcome} ${caseId} ${detail}`);
    const { precision, recall } = rates(all);
    expect(precision, misses.join('\n')).toBeGreaterThanOrEqual(0.95);
    expect(recall, misses.join('\n')).toBeGreaterThanOrEqual(0.95);
  });

  test.each<Source>(['sheet-text', 'text-text', 'picture'])('of %s contradictions do not fall', (source) => {
    const all = parts.flatMap((part) => scored(part, language)).filter((one) => one.source === source);
    const { hits, precision, recall } = rates(all);
    expect(hits).toBeGreaterThanOrEqual(10);
    expect([precision >= 0.93, recall >= 0.93], JSON.stringify(rates(all))).toEqual([true, true]);
  });
});
