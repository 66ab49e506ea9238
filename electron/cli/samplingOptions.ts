import { AppError } from '#shared/errors/AppError.ts';
import { ModelId } from '#shared/models/manifest.ts';
import type { Sampling } from '#shared/models/task.ts';

/** What a command line says about the model and how it shall write. */
export interface SamplingOptions {
  readonly model: string | undefined;
  readonly maxTokens: number | undefined;
  readonly seed: number | undefined;
  readonly temperature: number | undefined;
}

export const samplingOf = ({ maxTokens, seed, temperature }: SamplingOptions): Partial<Sampling> => ({
  ...(maxTokens === undefined ? {} : { maxTokens }),
  ...(seed === undefined ? {} : { seed }),
  ...(temperature === undefined ? {} : { temperature }),
});

/** Errors: model/unknown where that can be no model's name. */
export function modelNamed(name: string | undefined): ModelId | null {
  if (name === undefined) return null;
  const id = ModelId.safeParse(name);
  if (id.success) return id.data;
  throw new AppError('model/unknown', `"${name}" is no name of a model`, { details: { model: name } });
}
