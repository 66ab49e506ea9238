import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import {
  type ModelFamily,
  type ModelManifest,
  type ModelVariant,
  Precision,
  type WritingTraits,
} from '#shared/models/manifest.ts';
import { type ModelDescription, readModelFolder } from '../runtime/modelFolder.ts';
import { largestTensorBytes } from './largestTensor.ts';
import { type DecoderShape, workingBytes } from './workingMemory.ts';

/** A model folder in our layout, and which of its variants are there in full. */
export interface FoundModel {
  readonly folder: string;
  readonly description: ModelDescription;
  /** Best first. */
  readonly variants: readonly ModelVariant[];
}

/** Reads a model folder and looks for the files it names. Errors: model/not-installed, model/damaged. */
export async function findModel(folder: string): Promise<FoundModel> {
  const description = await readModelFolder(folder);
  const variants: ModelVariant[] = [];
  for (const precision of Precision.options) {
    const variant = description.variants[precision];
    if (!variant) continue;
    const files = variant.files.map((path) => ({ path, ...description.files[path] }));
    const sizes = await Promise.all(files.map(({ path }) => sizeOf(join(folder, path))));
    if (files.some(({ bytes }, index) => bytes !== sizes[index])) continue;
    const decoder = await decoderShape(folder, precision);
    variants.push({
      precision,
      files: files.map(({ path, bytes = 0, sha256 = null }) => ({ path, bytes, sha256 })),
      diskBytes: Math.max(1, variant.diskBytes),
      memoryBytes: Math.max(1, variant.memoryBytes),
      cacheBytes: decoder?.cacheBytes ?? 0,
      workingBytes: await workingBytes(folder, decoder),
      largestTensorBytes: await largestTensorBytes(folder, Object.values(variant.parts)),
      estimated: false,
    });
  }
  if (variants.length === 0) {
    throw new AppError('model/damaged', `${basename(folder)}: no variant has all of its files`, {
      details: { modelId: description.id },
    });
  }
  return { folder, description, variants };
}

const sizeOf = async (file: string): Promise<number | null> =>
  stat(file).then(
    (facts) => facts.size,
    () => null,
  );

/** The part of `decoder.json` that says how large keys and values grow. */
const CacheShape = z.object({
  layers: z.number(),
  kvHeads: z.number(),
  headSize: z.number(),
  contextTokens: z.number(),
  vocabSize: z.number(),
  cacheType: z.partialRecord(Precision, z.enum(['float32', 'float16'])).default({}),
});

async function decoderShape(folder: string, precision: Precision): Promise<DecoderShape | null> {
  try {
    const { vocabSize, contextTokens, ...shape } = CacheShape.parse(
      JSON.parse(await readFile(join(folder, 'decoder.json'), 'utf8')),
    );
    const element = shape.cacheType[precision] === 'float16' ? 2 : 4;
    const cacheBytes = 2 * shape.layers * shape.kvHeads * shape.headSize * contextTokens * element;
    return { vocabSize, contextTokens, cacheBytes };
  } catch {
    return null;
  }
}

/** Families that were trained to follow instructions, and how they write where nothing else is known. */
const conversing: ReadonlySet<ModelFamily> = new Set(['llava', 'qwenvl']);
const conversation: WritingTraits = {
  form: 'chat',
  sampling: {
    temperature: 0.7,
    topK: 0,
    topP: 0.9,
    repetitionPenalty: 1.1,
    minTokens: 24,
    maxTokens: 400,
    stop: [],
  },
};

/**
 * The manifest of a found model: the catalogue's words and source where it knows the model, the folder's own facts
 * otherwise. A model of the hub keeps the variants that can still be installed.
 */
export function manifestOf(found: FoundModel, known: ModelManifest | undefined): ModelManifest {
  const { description, variants, folder } = found;
  if (known) {
    const more = known.source.kind === 'hub' ? known.variants : [];
    const there = new Set(variants.map(({ precision }) => precision));
    return {
      ...known,
      revision: description.revision,
      contextTokens: description.contextTokens,
      variants: [...variants, ...more.filter(({ precision }) => !there.has(precision))].toSorted(bestFirst),
    };
  }
  const { id, family, architecture, repository, revision, licence, languages } = description;
  return {
    id,
    family,
    architecture,
    name: { en: repository || id, zh: repository || id },
    aliases: [],
    advice: {
      en: `Found in a folder of this computer: ${folder}. The application knows nothing more of it.`,
      zh: `在这台电脑的文件夹中找到：${folder}。应用对它没有更多了解。`,
    },
    source: { kind: 'folder', layout: 'storyloom', path: folder },
    revision,
    licence,
    origin: repository,
    languages,
    capabilities: description.capabilities,
    contextTokens: description.contextTokens,
    ...(conversing.has(family) ? { writing: conversation } : {}),
    recommendedUse: [],
    variants: [...variants],
  };
}

const bestFirst = (a: ModelVariant, b: ModelVariant): number =>
  Precision.options.indexOf(a.precision) - Precision.options.indexOf(b.precision);
