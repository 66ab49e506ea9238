import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findContradictions } from '#shared/consistency/findContradictions.ts';
import type { Finding } from '#shared/consistency/findings.ts';
import { castMember } from '#shared/consistency/people/cast.ts';
import { type PictureText, readPicture, readScene, readSheet } from '#shared/consistency/read/readTexts.ts';
import { createCharacter } from '#shared/story/create.ts';
import type { Decision } from '#shared/story/decision.ts';
import { ImageId, SceneId } from '#shared/story/ids.ts';

const Case = z.strictObject({
  id: z.string(),
  cast: z.array(
    z.strictObject({
      name: z.string(),
      aliases: z.array(z.string()).default([]),
      description: z.string().default(''),
      visual: z.string().default(''),
      fields: z.record(z.string(), z.string()).default({}),
    }),
  ),
  scenes: z.array(z.string()),
  pictures: z
    .array(
      z.strictObject({
        of: z.string(),
        caption: z.string().optional(),
        question: z.string().optional(),
        answer: z.string().optional(),
        model: z.string().optional(),
      }),
    )
    .default([]),
  intended: z
    .array(z.strictObject({ character: z.string(), attribute: z.string(), scene: z.number() }))
    .default([]),
  expect: z
    .array(
      z.strictObject({
        kind: z.string(),
        attribute: z.string(),
        character: z.string(),
        evidence: z.array(z.string()),
      }),
    )
    .default([]),
});
export type LabelledCase = z.infer<typeof Case>;
export type Half = 'development' | 'held-out' | 'second-held-out';

/** The stories of one half in one language, those with planted contradictions first. */
export function labelledCases(half: Half, language: 'en' | 'zh'): LabelledCase[] {
  return ['planted', 'controls'].flatMap((part) => {
    const file = join(
      import.meta.dirname,
      '..',
      'fixtures',
      'consistency',
      `${half}.${language}.${part}.yaml`,
    );
    return z.array(Case).parse(parse(readFileSync(file, 'utf8')));
  });
}

const sceneIdAt = (index: number): SceneId => SceneId.parse(`scene${String(index).padStart(4, '0')}`);

/** What the checker finds in one story of the set. */
export function checkCase(
  story: LabelledCase,
  language: 'en' | 'zh',
): { finding: Finding; character: string }[] {
  const characters = story.cast.map(({ name, aliases, description, visual, fields }) =>
    createCharacter({
      name,
      aliases,
      description,
      visualDescription: visual,
      fields: Object.entries(fields).map(([field, value]) => ({ name: field, value })),
    }),
  );
  const cast = characters.map(castMember);
  const idOf = (name: string) => {
    const found = characters.find((character) => character.name === name);
    if (!found) throw new Error(`${story.id}: no ${name}`);
    return found.id;
  };
  const pictures = story.pictures.map(
    (picture, index): PictureText => ({
      imageId: ImageId.parse(String(index).padStart(64, '0')),
      characterId: idOf(picture.of),
      source: picture.answer === undefined ? 'caption' : 'answer',
      topic:
        picture.answer === undefined
          ? null
          : /eyes|眼/.test(picture.question ?? '')
            ? 'eyes'
            : /hair|头发/.test(picture.question ?? '')
              ? 'hair'
              : 'clothes',
      text: picture.answer ?? picture.caption ?? '',
      modelId: picture.model ?? null,
    }),
  );
  const decisions = story.intended.map(
    ({ character, attribute, scene }, index): Decision => ({
      kind: 'intended',
      id: String(index),
      characterId: idOf(character),
      attribute,
      fromSceneId: sceneIdAt(scene - 1),
    }),
  );
  const findings = findContradictions(
    {
      cast,
      order: story.scenes.map((_, index) => sceneIdAt(index)),
      sheets: characters.flatMap((character) => readSheet(character, cast)),
      scenes: story.scenes.map((text, index) => readScene(sceneIdAt(index), text, language, cast)),
      pictures: pictures.flatMap((picture) => readPicture(picture, cast)),
    },
    decisions,
  );
  return findings.map((finding) => ({
    finding,
    character: characters.find(({ id }) => id === finding.characterId)?.name ?? '',
  }));
}

/** Where a contradiction lies: between sheet and text, within the texts, or between a picture and the rest. */
export type Source = 'sheet-text' | 'text-text' | 'picture';

export interface Scored {
  readonly kind: string;
  readonly source: Source;
  readonly outcome: 'hit' | 'missed' | 'false';
  readonly caseId: string;
  readonly detail: string;
}

const sourceOf = ({ a, b }: Finding): Source => {
  const kinds = [a.evidence.kind, b.evidence.kind];
  if (kinds.includes('picture')) return 'picture';
  return kinds.includes('sheet') ? 'sheet-text' : 'text-text';
};

/** Whether the words a label quotes lie in or around what the finding points to. */
const pointsTo = ({ a, b }: Finding, quotes: readonly string[]): boolean =>
  quotes.every((quote) =>
    [a, b].some(({ evidence, words }) => evidence.sentence.includes(quote) || quote.includes(words)),
  );

/** Holds findings against labels: a hit has the kind, the attribute, the character and the sentences of the label. */
export function scoreCase(story: LabelledCase, language: 'en' | 'zh'): Scored[] {
  const findings = checkCase(story, language);
  const used = new Set<number>();
  const scored: Scored[] = [];
  for (const label of story.expect) {
    const at = findings.findIndex(
      ({ finding, character }, index) =>
        !used.has(index) &&
        finding.kind === label.kind &&
        finding.attribute === label.attribute &&
        character === label.character &&
        pointsTo(finding, label.evidence),
    );
    const found = findings[at];
    if (found) used.add(at);
    scored.push({
      kind: label.kind,
      source: found ? sourceOf(found.finding) : labelSource(story, label.evidence, label.kind),
      outcome: found ? 'hit' : 'missed',
      caseId: story.id,
      detail: `${label.attribute}: ${label.evidence.join(' / ')}`,
    });
  }
  for (const [index, { finding, character }] of findings.entries()) {
    if (used.has(index) || repeatsPlanted(story, finding, character)) continue;
    scored.push({
      kind: finding.kind,
      source: sourceOf(finding),
      outcome: 'false',
      caseId: story.id,
      detail: `${finding.attribute} of ${character}: ${finding.a.words} (${finding.a.evidence.sentence}) / ${finding.b.words} (${finding.b.evidence.sentence}) ${String(finding.confidence)}`,
    });
  }
  return scored;
}

/** A further sentence that says the planted thing again counts neither for nor against. */
const repeatsPlanted = (story: LabelledCase, finding: Finding, character: string): boolean =>
  story.expect.some(
    (label) =>
      label.kind === finding.kind &&
      label.attribute === finding.attribute &&
      label.character === character &&
      label.evidence.some((quote) => quote.includes(finding.b.words) || finding.b.words.includes(quote)),
  );

function labelSource(story: LabelledCase, evidence: readonly string[], kind: string): Source {
  if (story.pictures.length > 0) return 'picture';
  if (kind === 'name') return 'sheet-text';
  const sheets = story.cast
    .map(({ description, visual, fields }) => [description, visual, ...Object.values(fields)].join('\n'))
    .join('\n');
  return evidence.some((quote) => sheets.toLowerCase().includes(quote.toLowerCase()))
    ? 'sheet-text'
    : 'text-text';
}

export const rates = (scored: readonly Scored[]) => {
  const count = (outcome: Scored['outcome']) => scored.filter((one) => one.outcome === outcome).length;
  const [hits, missed, wrong] = [count('hit'), count('missed'), count('false')];
  return {
    hits,
    missed,
    wrong,
    precision: hits / Math.max(1, hits + wrong),
    recall: hits / Math.max(1, hits + missed),
  };
};
