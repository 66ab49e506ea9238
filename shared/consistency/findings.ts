import { z } from 'zod';
import { CharacterId, ImageId, SceneId } from '../story/ids.ts';
import { TextEdit } from '../story/textEdit.ts';

/** What two statements may disagree about. */
export const Attribute = z.enum([
  'hair.colour',
  'hair.length',
  'eyes.colour',
  'clothes.colour',
  'height',
  'build',
  'hand',
  'mark.scar',
  'mark.glasses',
  'mark.beard',
  'species',
  'age',
  'alive',
  'where',
  'weekday',
  'time-of-day',
  'spelling',
  'brothers',
  'sisters',
  'siblings',
  'children',
]);
export type Attribute = z.infer<typeof Attribute>;

export const FindingKind = z.enum(['look', 'age', 'death', 'place', 'date', 'name', 'place-name', 'family']);
export type FindingKind = z.infer<typeof FindingKind>;

const span = {
  /** UTF-16 offsets of the telling words in the text they stand in. */
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  sentenceStart: z.number().int().nonnegative(),
  sentence: z.string(),
};

export const SheetField = z.enum(['description', 'visualDescription', 'fields']);
export type SheetField = z.infer<typeof SheetField>;

/** Where a statement stands. */
export const Evidence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scene'), sceneId: SceneId, ...span }),
  z.object({
    kind: z.literal('sheet'),
    characterId: CharacterId,
    field: SheetField,
    /** Which line of the custom fields; 0 elsewhere. */
    line: z.number().int().nonnegative(),
    ...span,
  }),
  z.object({
    kind: z.literal('picture'),
    imageId: ImageId,
    source: z.enum(['caption', 'alt', 'answer']),
    /** The model that looked; `null` where the writer wrote it. */
    modelId: z.string().nullable(),
    ...span,
  }),
]);
export type Evidence = z.infer<typeof Evidence>;

export const Statement = z.object({
  /** The words that tell it. */
  words: z.string(),
  /** What it comes to, in canonical English words. */
  values: z.array(z.string()),
  evidence: Evidence,
});
export type Statement = z.infer<typeof Statement>;

/** One way to make two statements agree: an edit of a scene's text or of a line of the sheet. */
export const Fix = z.object({
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('scene'), sceneId: SceneId }),
    z.object({
      kind: z.literal('sheet'),
      characterId: CharacterId,
      field: SheetField,
      line: z.number().int().nonnegative(),
    }),
  ]),
  edit: TextEdit,
  /** The sentence before and after. */
  before: z.string(),
  after: z.string(),
});
export type Fix = z.infer<typeof Fix>;

/** Two statements that cannot both be true, as far as rules can tell. */
export const Finding = z.object({
  /** The same for the same two sentences, wherever they have moved. */
  id: z.string(),
  kind: FindingKind,
  /** `null` where it is about no character: weekdays, places. */
  characterId: CharacterId.nullable(),
  attribute: Attribute,
  a: Statement,
  b: Statement,
  /** 0…1. */
  confidence: z.number().min(0).max(1),
  /** `text`, or the model whose answer is one of the statements. */
  source: z.string(),
  fixes: z.array(Fix),
});
export type Finding = z.infer<typeof Finding>;

const kinds: Partial<Record<Attribute, FindingKind>> = {
  age: 'age',
  alive: 'death',
  where: 'place',
  weekday: 'date',
  'time-of-day': 'date',
  spelling: 'name',
  brothers: 'family',
  sisters: 'family',
  siblings: 'family',
  children: 'family',
};

/** The kind of finding that a disagreement about an attribute is. */
export const kindOf = (attribute: Attribute): FindingKind => kinds[attribute] ?? 'look';
