import { copyFile, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId, type Precision } from '#shared/models/manifest.ts';
import { descriptionFile, type ModelDescription } from '../runtime/modelFolder.ts';
import { sha256Of, type Watch } from './hashFile.ts';

/** How transformers.js names the precisions of a graph. */
const suffixes: readonly (readonly [Precision, string])[] = [
  ['fp32', ''],
  ['fp16', '_fp16'],
  ['q8', '_quantized'],
  ['q4', '_q4'],
  ['q4f16', '_q4f16'],
];
const parts = ['text_model', 'vision_model'] as const;
const sideFiles = [
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
] as const;

/** Memory that the processor needs for each byte of weights: it computes half precision in single precision. */
const memoryShare: Readonly<Record<Precision, number>> = { fp32: 1.1, fp16: 2.2, q8: 1.2, q4: 1.2, q4f16: 2 };
const sessionBytes = 60_000_000;

const Config = z.object({
  model_type: z.literal('clip'),
  text_config: z.object({ max_position_embeddings: z.number().int().positive() }).partial().optional(),
});

type Facts = Pick<ModelDescription, 'id' | 'repository' | 'revision' | 'licence' | 'languages'>;

/**
 * Describes a CLIP folder in transformers.js's layout in our words: its graphs have the parts and tensors of ours.
 * Errors: model/damaged where it is something else.
 */
export async function describeGraphs(
  folder: string,
  facts: Facts,
  watch: Watch = {},
): Promise<ModelDescription> {
  const config = await readFile(join(folder, 'config.json'), 'utf8')
    .then((text) => Config.parse(JSON.parse(text)))
    .catch((cause: unknown) => {
      throw new AppError('model/damaged', `${folder} holds no CLIP model`, { cause });
    });
  const names = new Set(await readdir(join(folder, 'onnx')).catch(() => []));
  const side = new Set(await readdir(folder));
  const files: ModelDescription['files'] = {};
  const variants: ModelDescription['variants'] = {};
  const describe = async (path: string): Promise<number> => {
    files[path] ??= {
      bytes: (await stat(join(folder, path))).size,
      sha256: await sha256Of(join(folder, path), watch),
    };
    return files[path].bytes;
  };
  for (const [precision, suffix] of suffixes) {
    const graphs = parts.map((part) => `${part}${suffix}.onnx`);
    if (!graphs.every((graph) => names.has(graph))) continue;
    const data = graphs.map((graph) => `${graph}_data`).filter((name) => names.has(name));
    const paths = [...graphs, ...data].map((name) => `onnx/${name}`);
    const weights = await sum(paths.map(describe));
    const all = [...paths, ...sideFiles.filter((name) => side.has(name))];
    variants[precision] = {
      files: all,
      parts: Object.fromEntries(parts.map((part) => [part, `onnx/${part}${suffix}.onnx`])),
      diskBytes: await sum(all.map(describe)),
      memoryBytes: Math.round(weights * memoryShare[precision] + sessionBytes),
    };
  }
  if (Object.keys(variants).length === 0) {
    throw new AppError('model/damaged', `${folder} lacks onnx/text_model.onnx or onnx/vision_model.onnx`);
  }
  return {
    layout: 1,
    ...facts,
    family: 'clip',
    architecture: 'clip',
    capabilities: {
      image_encoding: true,
      text_encoding: true,
      text_generation: false,
      question_answering: false,
      similarity_computation: true,
      multilingual: false,
    },
    contextTokens: config.text_config?.max_position_embeddings ?? 77,
    variants,
    files,
  };
}

const sum = async (sizes: readonly Promise<number>[]): Promise<number> =>
  (await Promise.all(sizes)).reduce((total, size) => total + size, 0);

/**
 * Takes in a folder that another tool left in transformers.js's layout: a folder of ours beside it, with a description
 * and links to its files; the other tool's folder is not touched. Errors: model/damaged, disk/*.
 */
export async function adoptFolder(from: string, to: string): Promise<void> {
  const id = ModelId.parse(to.split(/[/\\]/).at(-1));
  const facts: Facts = { id, repository: '', revision: 'local', licence: 'unknown', languages: ['en'] };
  const description = await describeGraphs(from, facts);
  for (const path of Object.keys(description.files)) {
    const target = join(to, path);
    await mkdir(dirname(target), { recursive: true });
    await linkFile(join(from, path), target);
  }
  await writeFile(join(to, descriptionFile), `${JSON.stringify(description, null, 2)}\n`, { flush: true });
}

async function linkFile(from: string, to: string): Promise<void> {
  await link(from, to)
    .catch(() => symlink(from, to))
    .catch(() => copyFile(from, to));
}
