import { z } from 'zod';
import { ImageId } from '../story/ids.ts';
import { Language } from '../story/scene.ts';
import { ModelId } from './modelId.ts';
import { Answered } from './routing.ts';
import { Sampling } from './sampling.ts';

export { Sampling };

export const CharacterContext = z.object({
  name: z.string(),
  aliases: z.array(z.string()),
  description: z.string(),
  visualDescription: z.string(),
});
export type CharacterContext = z.infer<typeof CharacterContext>;

/** A scene in a line: its title and what happens. */
export const SceneSketch = z.object({ title: z.string(), summary: z.string() });
export type SceneSketch = z.infer<typeof SceneSketch>;

/** What a writing model is told about the story. The engine turns it into a prompt that fits the model's context. */
export const WriteContext = z.object({
  language: Language,
  storyTitle: z.string(),
  storySummary: z.string(),
  sceneTitle: z.string(),
  sceneSummary: z.string(),
  authorNote: z.string(),
  /** The writer's own instruction for this passage; empty for "go on". */
  instruction: z.string(),
  /** Text of the scene before the caret. */
  textBefore: z.string(),
  characters: z.array(CharacterContext),
  /** What happened in the scenes before this one, in the story's order. */
  before: z.array(SceneSketch),
  /** Descriptions of the scene's pictures: captions, else alt texts. */
  pictures: z.array(z.string()),
  /** Prompt templates that the writer changed, by template id; see `shared/text/prompts`. */
  templates: z.record(z.string(), z.string()),
});
export type WriteContext = z.infer<typeof WriteContext>;

/** A piece of the prompt, whether it was sent, and why not. Costs are in tokens of the answering model. */
export const PromptPart = z.object({
  name: z.enum([
    'template',
    'story',
    'before',
    'scene',
    'character',
    'picture',
    'note',
    'source',
    'instruction',
    'turn',
    'text',
  ]),
  label: z.string(),
  text: z.string(),
  tokens: z.number().int().nonnegative(),
  sent: z.enum(['whole', 'cut', 'left-out']),
});
export type PromptPart = z.infer<typeof PromptPart>;

/** What the writer may inspect: exactly what the model was given. */
export const PromptReport = z.object({
  modelId: ModelId,
  /** The prompt, character by character, special tokens shown. */
  prompt: z.string(),
  promptTokens: z.number().int().nonnegative(),
  contextTokens: z.number().int().positive(),
  parts: z.array(PromptPart),
});
export type PromptReport = z.infer<typeof PromptReport>;

export const WriteEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loading'), modelId: ModelId }),
  z.object({ type: z.literal('prompt'), report: PromptReport }),
  /** Text to append; several tokens may travel together. `tokens` is the number so far. */
  z.object({ type: z.literal('text'), text: z.string(), tokens: z.number().int().nonnegative() }),
  z.object({
    type: z.literal('done'),
    modelId: ModelId,
    answered: Answered,
    seed: z.number().int().nonnegative(),
    finish: z.enum(['end', 'length', 'stop', 'cancelled']),
    tokens: z.number().int().nonnegative(),
    tokensPerSecond: z.number().nonnegative(),
    firstTokenMs: z.number().nonnegative(),
  }),
]);
export type WriteEvent = z.infer<typeof WriteEvent>;

/** One text that may stand for a picture: its caption, its alt text, a tag, the name of who is in it. */
export const RankText = z.object({
  field: z.enum(['caption', 'alt', 'tag', 'name', 'file']),
  text: z.string(),
});
export type RankText = z.infer<typeof RankText>;
export const RankCandidate = z.object({ imageId: ImageId, texts: z.array(RankText) });
export type RankCandidate = z.infer<typeof RankCandidate>;

/**
 * What speaks for a picture: a phrase of the passage, and the picture's text that it matches, or that the picture looks
 * like it. `score` is the cosine similarity, −1…1; `strength` how many standard deviations that is above chance.
 */
export const RankEvidence = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    matched: RankText,
    phrase: z.string(),
    score: z.number(),
    strength: z.number(),
  }),
  z.object({ kind: z.literal('looks'), phrase: z.string(), score: z.number(), strength: z.number() }),
]);
export type RankEvidence = z.infer<typeof RankEvidence>;

/** A picture that fits a passage, with the evidence, the strongest first. `score` is for comparing within one ranking. */
export const RankedImage = z.object({
  imageId: ImageId,
  score: z.number(),
  evidence: z.array(RankEvidence).min(1),
});
export type RankedImage = z.infer<typeof RankedImage>;

/** How far looking at pictures is; `encoder` is `null` where no installed model compares them. */
export const IndexEvent = z.object({
  encoder: ModelId.nullable(),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** Pictures that could not be decoded. */
  failed: z.number().int().nonnegative(),
});
export type IndexEvent = z.infer<typeof IndexEvent>;

/** A picture that looks like another; `score` is a cosine similarity. */
export const SimilarImage = z.object({ imageId: ImageId, score: z.number() });
export type SimilarImage = z.infer<typeof SimilarImage>;
