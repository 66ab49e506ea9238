import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelFamily } from '#shared/models/manifest.ts';
import type { Language } from '#shared/story/scene.ts';
import { diskError } from '../services/studio/disk/diskError.ts';
import { parseJson } from '../services/studio/files/json.ts';
import { languageNamed } from './languageNames.ts';

/** The specification's names of model families, and ours. */
const families = {
  clip: 'clip',
  blip2: 'blip2',
  llava: 'llava',
  'qwen-vl': 'qwenvl',
  smolvlm: 'smolvlm',
  florence2: 'florence2',
  text: 'text',
  embedding: 'embedding',
} as const satisfies Record<string, ModelFamily>;
const modelTypes = Object.keys(families) as (keyof typeof families)[];

const ConfigFile = z.strictObject({
  models: z
    .record(
      z.string(),
      z.strictObject({
        type: z.enum(modelTypes),
        path: z.string().min(1),
        enabled: z.boolean().default(true),
      }),
    )
    .default({}),
  system: z
    .strictObject({
      cache_dir: z.string().min(1).optional(),
      max_memory_usage: z.number().gt(0).max(1).optional(),
      default_language: z.string().optional(),
    })
    .default({}),
});

/** The specification's configuration, checked, as the command line uses it. */
export interface CliConfig {
  readonly models: readonly { readonly name: string; readonly family: ModelFamily; readonly path: string }[];
  readonly cacheFolder: string | null;
  /** Bytes that models may hold together: `max_memory_usage` of this machine's memory. */
  readonly modelMemoryBytes: number | null;
  readonly defaultLanguage: Language | null;
}

const problemOf = (issue: z.core.$ZodIssue): string => {
  const key = issue.path.map(String).join('.') || 'the file';
  if (issue.code === 'invalid_value')
    return `${key}: use one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`;
  if (issue.code === 'unrecognized_keys') {
    return `${[...issue.path.map(String), issue.keys.join(', ')].join('.')}: not a known setting`;
  }
  if (key === 'system.max_memory_usage')
    return `${key}: use a number above 0 and up to 1, a share of the memory`;
  return `${key}: ${issue.message}`;
};

/** Checks a parsed configuration. Errors: input/invalid naming every wrong key and what is accepted there. */
export function checkConfig(raw: unknown, memoryBytes: number = totalmem()): CliConfig {
  const result = ConfigFile.safeParse(raw);
  if (!result.success) {
    throw new AppError('input/invalid', result.error.issues.map(problemOf).join('\n  '), {
      details: { keys: result.error.issues.map(({ path }) => path.map(String).join('.')) },
    });
  }
  const { models, system } = result.data;
  return {
    models: Object.entries(models)
      .filter(([, { enabled }]) => enabled)
      .map(([name, { type, path }]) => ({ name, family: families[type], path })),
    cacheFolder: system.cache_dir ?? null,
    modelMemoryBytes:
      system.max_memory_usage === undefined ? null : Math.floor(system.max_memory_usage * memoryBytes),
    defaultLanguage:
      system.default_language === undefined
        ? null
        : languageNamed(system.default_language, 'system.default_language'),
  };
}

/** Reads a configuration file. Errors: disk/*, project/damaged where it is not JSON, input/invalid. */
export async function readConfig(path: string): Promise<CliConfig> {
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw diskError(thrown, path);
  });
  return checkConfig(parseJson(bytes));
}
