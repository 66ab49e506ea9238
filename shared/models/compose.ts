import { z } from 'zod';
import { Language } from '../story/scene.ts';
import { CharacterContext, SceneSketch } from './task.ts';

/** What a text is wanted for, besides the scenes themselves. */
export const ComposePurpose = z.enum(['title', 'characters', 'outline', 'summary', 'translation', 'rewrite']);
export type ComposePurpose = z.infer<typeof ComposePurpose>;

/** What a model is told to write something about a story that is no scene. */
export const ComposeContext = z.object({
  purpose: ComposePurpose,
  /** Of what is written. */
  language: Language,
  storyTitle: z.string(),
  storySummary: z.string(),
  /** The writer's own wish; empty for none. */
  instruction: z.string(),
  authorNote: z.string(),
  characters: z.array(CharacterContext),
  scenes: z.array(SceneSketch),
  /** Descriptions of reference pictures. */
  pictures: z.array(z.string()),
  /** What is summarised, translated or rewritten. */
  source: z.string(),
  /** How the answer begins, so that a small model keeps to a form. */
  beginning: z.string(),
  /** Prompt templates that the writer changed, by template id. */
  templates: z.record(z.string(), z.string()),
});
export type ComposeContext = z.infer<typeof ComposeContext>;

/** Whether a purpose has a text that is worked through piece by piece where it is long. */
export const hasSource = (purpose: ComposePurpose): boolean =>
  purpose === 'summary' || purpose === 'translation' || purpose === 'rewrite';
