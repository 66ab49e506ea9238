import { AppError } from '#shared/errors/AppError.ts';
import type { ModelManifest, ModelVariant, Precision } from '#shared/models/manifest.ts';

/** Errors: model/unknown naming the precisions there are. */
export function variantOf({ id, variants }: ModelManifest, precision: Precision): ModelVariant {
  const variant = variants.find((one) => one.precision === precision);
  if (variant) return variant;
  throw new AppError('model/unknown', `${id} has no ${precision} variant`, {
    details: { modelId: id, known: variants.map((one) => one.precision) },
  });
}
