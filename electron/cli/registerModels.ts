import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fromWire } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { CliConfig } from './configFile.ts';
import type { OpenStudio } from './openStudio.ts';
import type { Words } from './words/words.ts';

/**
 * Makes the models of a configuration known to the engine: a folder beside the configuration file, or the name of a
 * repository that the catalogue knows. One that is not installed is told, not an error.
 * Errors: input/invalid naming the key and what is accepted there.
 */
export async function registerModels(
  models: CliConfig['models'],
  folder: string,
  engine: OpenStudio['engine'],
  words: Words,
  note: (line: string) => void,
): Promise<void> {
  for (const { name, family, path } of models) {
    const inside = resolve(folder, path);
    const isFolder = await stat(inside).then(
      (facts) => facts.isDirectory(),
      () => false,
    );
    try {
      const { manifest, status } = await engine.client.models.register({
        path: isFolder ? inside : path,
        family,
      });
      if (status.state === 'absent') note(words.modelAbsent(name, manifest.id, status.obstacle));
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : fromWire(thrown);
      if (!/^(input|model)\//.test(error.code)) throw error;
      const key = error.code === 'input/invalid' && 'family' in error.details ? 'type' : 'path';
      throw new AppError('input/invalid', `models.${name}.${key}: ${error.message}`, {
        details: { ...error.details, keys: [`models.${name}.${key}`] },
        cause: error,
      });
    }
  }
}
