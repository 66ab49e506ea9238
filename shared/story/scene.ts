import { z } from 'zod';
import { CharacterId, SceneId } from './ids.ts';
import { PictureUse } from './image.ts';

export const Language = z.enum(['en', 'zh']);
export type Language = z.infer<typeof Language>;

/** The language that something in this one is translated into. */
export const otherLanguage = (language: Language): Language => (language === 'en' ? 'zh' : 'en');

export const SceneStatus = z.enum(['idea', 'draft', 'revised', 'final']);
export type SceneStatus = z.infer<typeof SceneStatus>;

/** Another way the passage could go, kept beside the text. */
export const Alternative = z.object({
  id: z.string().min(1),
  text: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** Who wrote it: a model id, or empty for the writer's own. */
  modelId: z.string(),
  seed: z.number().int().nonnegative(),
});
export type Alternative = z.infer<typeof Alternative>;

/** Counts of a scene's prose; see `shared/text/counts.ts` for the rules. */
export const TextCounts = z.object({
  words: z.number().int().nonnegative(),
  charactersNoSpaces: z.number().int().nonnegative(),
});
export type TextCounts = z.infer<typeof TextCounts>;

export const Scene = z.object({
  id: SceneId,
  title: z.string(),
  /** What happens here, in a sentence or two: the specification's scene description. */
  summary: z.string(),
  status: SceneStatus,
  lang: Language,
  characterIds: z.array(CharacterId),
  pictures: z.array(PictureUse),
  /** The writer's note to whoever continues the scene, models included. */
  authorNote: z.string(),
  alternatives: z.array(Alternative),
  counts: TextCounts,
  /** CommonMark, LF; `null` until somebody reads the scene from disk. */
  text: z.string().nullable(),
  /** Front-matter keys that this version does not know; written back unchanged. */
  extra: z.record(z.string(), z.unknown()),
});
export type Scene = z.infer<typeof Scene>;
