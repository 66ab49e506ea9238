import { AppError } from '#shared/errors/AppError.ts';
import type { Sampling } from '#shared/models/task.ts';
import type { Language } from '#shared/story/scene.ts';
import { type DescriptionStyle, describePicture } from '#shared/text/prompts/describePicture.ts';
import { mostLikely } from '../adapters/mostLikely.ts';
import type { Lease } from '../manager/ModelManager.ts';
import type { Raster } from '../preprocessing/raster.ts';

/** A description is what the model thinks most likely, without going round in circles. */
const describing: Sampling = { ...mostLikely, repetitionPenalty: 1.1 };

export interface Wanted {
  readonly style: DescriptionStyle;
  readonly language: Language;
}

/** Describes a picture with one model, told in its own way where it was trained to caption. */
export async function describeWith(
  { manifest, model }: Lease,
  picture: Raster,
  { style, language }: Wanted,
  signal: AbortSignal,
): Promise<string> {
  if (!model.prompting) throw new AppError('model/unsupported-call', `${manifest.id} does not write`);
  const text = model.prompting.caption(style) ?? describePicture(style, language);
  const [written] = await model.generateBatch(
    [
      {
        images: [picture],
        prompt: model.prompting.converse([{ role: 'user', text, pictures: 1 }]),
        names: [],
        keepTokens: 0,
        sampling: describing,
      },
    ],
    signal,
  );
  signal.throwIfAborted();
  return written?.text.trim() ?? '';
}
