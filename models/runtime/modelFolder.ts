import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { Capabilities } from '#shared/models/capability.ts';
import { Architecture, ModelFamily, ModelId, Precision } from '#shared/models/manifest.ts';
import { Language } from '#shared/story/scene.ts';

export const descriptionFile = 'model.json';

/** A file inside the folder: relative, `/` between its parts, never leading out. */
const InnerPath = z
  .string()
  .min(1)
  .max(255)
  .refine(
    (path) =>
      !/^[/\\]|^[A-Za-z]:|\\|\0/.test(path) && path.split('/').every((part) => !/^\.{0,2}$/.test(part)),
    'a path inside the folder',
  );

const Bytes = z.number().int().nonnegative();

const FolderVariant = z.object({
  files: z.array(InnerPath).min(1),
  /** The graph of each part: `text_model`, `vision_model`, `vision_encoder`, `embed_tokens`, `decoder`, `encoder`. */
  parts: z.record(z.string(), InnerPath),
  diskBytes: Bytes,
  memoryBytes: Bytes,
});

/** `model.json` of a model folder, as `docs/model-layout.md` describes it. */
export const ModelDescription = z.object({
  layout: z.literal(1),
  id: ModelId,
  family: ModelFamily,
  architecture: Architecture,
  repository: z.string(),
  revision: z.string(),
  licence: z.string(),
  languages: z.array(Language),
  capabilities: Capabilities,
  contextTokens: z.number().int().positive(),
  variants: z
    .partialRecord(Precision, FolderVariant)
    .refine((variants) => Object.keys(variants).length > 0, 'at least one variant'),
  files: z.record(InnerPath, z.object({ bytes: Bytes, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type ModelDescription = z.infer<typeof ModelDescription>;

/** Reads what a model folder says of itself. Errors: model/damaged naming what is wrong, model/not-installed. */
export async function readModelFolder(folder: string): Promise<ModelDescription> {
  const file = join(folder, descriptionFile);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('model/not-installed', `${file} cannot be read`, { cause });
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new AppError('model/damaged', `${file} is not JSON`, { cause });
  }
  const result = ModelDescription.safeParse(raw);
  if (!result.success) {
    const [issue] = result.error.issues;
    const key = issue?.path.map(String).join('.') || 'the file';
    throw new AppError('model/damaged', `${file}: ${key}: ${issue?.message ?? 'wrong'}`, {
      details: { key },
    });
  }
  const known = result.data.files;
  for (const [precision, variant] of Object.entries(result.data.variants)) {
    const missing = variant.files.find((name) => !Object.hasOwn(known, name));
    const loose = Object.values(variant.parts).find((name) => !variant.files.includes(name));
    if (missing !== undefined || loose !== undefined) {
      const name = missing ?? loose ?? '';
      throw new AppError('model/damaged', `${file}: variant ${precision}: ${name} is not among its files`, {
        details: { key: `variants.${precision}`, file: name },
      });
    }
  }
  return result.data;
}

/** Tells the graph file of each part of one variant. Errors: model/damaged for a variant or part that is not there. */
export async function openParts(folder: string, precision: Precision): Promise<(part: string) => string> {
  const variant = (await readModelFolder(folder)).variants[precision];
  return (part) => {
    const file = variant?.parts[part];
    if (file === undefined) {
      throw new AppError('model/damaged', `${folder} has no ${part} in ${precision}`, {
        details: { part, precision },
      });
    }
    return join(folder, file);
  };
}
