import { isAbsolute } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelFamily, ModelManifest } from '#shared/models/manifest.ts';

/** Errors: input/invalid where a model is of another family than the wanted one. */
export function checkFamily(
  { family, id }: Pick<ModelManifest, 'family' | 'id'>,
  wanted: ModelFamily | null,
): void {
  if (wanted === null || wanted === family) return;
  throw new AppError('input/invalid', `${id} is of type ${family}, not ${wanted}`, {
    details: { modelId: id, family },
  });
}

/** The model of the catalogue that an id or a repository's name stands for. */
export const namedIn = (catalog: readonly ModelManifest[], name: string): ModelManifest | undefined =>
  catalog.find(
    ({ id, source, aliases }) =>
      id === name || aliases.includes(name) || ('repository' in source && source.repository === name),
  );

/** Errors: input/invalid where a text is no folder's full path. */
export function checkPath(path: string, catalog: readonly ModelManifest[]): void {
  if (isAbsolute(path)) return;
  throw new AppError('input/invalid', `"${path}" is neither a model of the catalogue nor a folder`, {
    details: { path, known: catalog.map(({ id }) => id) },
  });
}
