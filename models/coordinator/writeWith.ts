import { AppError } from '#shared/errors/AppError.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { Sampling, WriteContext, WriteEvent } from '#shared/models/task.ts';
import { assemblePrompt } from '#shared/text/prompts/assemblePrompt.ts';
import { namesOf } from '#shared/text/prompts/mentions.ts';
import type { Lease } from '../manager/ModelManager.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { fittingPictures, pictureTokens, renderShown } from './shownPictures.ts';
import { streamText } from './streamText.ts';

/** Share of the context that the prompt may take, so that there is room to write. */
const promptShare = 0.6;

/** What the caller wants of the sampling; the model's own settings where it says nothing. */
export type WantedSampling = { readonly [Key in keyof Sampling]?: Sampling[Key] | undefined };

/** A writing task, with the pixels of the scene's pictures. */
export interface SeenContext extends WriteContext {
  readonly shown: readonly Raster[];
}

/**
 * Writes with one model: the prompt's report, the text, how it ended. A model that sees is shown the pictures, as many as
 * leave room for words. Errors: model/*.
 */
export async function* writeWith(
  lease: Lease,
  { shown, ...context }: SeenContext,
  wanted: WantedSampling,
  answered: () => Answered,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const { manifest, model } = lease;
  const { prompting } = model;
  if (!prompting || !manifest.writing) {
    throw new AppError('model/unsupported-call', `${manifest.id} does not write`);
  }
  const sampling = samplingOf(manifest.writing.sampling, wanted);
  const { contextTokens } = prompting;
  const images = manifest.capabilities.question_answering ? fittingPictures(shown, prompting) : [];
  const imageTokens = pictureTokens(images, prompting);
  const { prompt, promptTokens, leadTokens, parts } = assemblePrompt(context, {
    ...prompting,
    budgetTokens: promptBudget(contextTokens, sampling.maxTokens) - imageTokens,
    render: (lead, text) => renderShown(prompting, lead, text, images.length),
  });
  const report = {
    modelId: manifest.id,
    prompt,
    promptTokens: promptTokens + imageTokens,
    contextTokens,
    parts: [...parts],
  };
  yield { type: 'prompt', report };

  const joint = new Joint(context.textBefore);
  const names = context.characters.flatMap(namesOf);
  const request = { images, prompt, names, keepTokens: leadTokens, sampling };
  const end = yield* streamText(lease, request, (text) => joint.push(text), signal);
  yield {
    type: 'done',
    modelId: manifest.id,
    answered: answered(),
    seed: sampling.seed,
    ...end,
  };
}

/** Tokens that a prompt may take where so many are to be written. */
export const promptBudget = (contextTokens: number, maxTokens: number): number =>
  contextTokens - Math.min(maxTokens, Math.ceil(contextTokens * (1 - promptShare)));

/** Where the written text meets the scene's: no second space, and none at the beginning of an empty scene. */
export class Joint {
  #atSpace: boolean;

  constructor(before: string) {
    this.#atSpace = before === '' || /\s$/u.test(before);
  }

  push(text: string): string {
    const rest = this.#atSpace ? text.trimStart() : text;
    if (rest !== '') this.#atSpace = false;
    return rest;
  }
}

/** A seed is drawn where none is wanted, and told in the end, so that every text can be had again. */
export function samplingOf(own: Omit<Sampling, 'seed'>, wanted: WantedSampling): Sampling {
  return {
    temperature: wanted.temperature ?? own.temperature,
    topK: wanted.topK ?? own.topK,
    topP: wanted.topP ?? own.topP,
    repetitionPenalty: wanted.repetitionPenalty ?? own.repetitionPenalty,
    minTokens: wanted.minTokens ?? own.minTokens,
    maxTokens: wanted.maxTokens ?? own.maxTokens,
    stop: wanted.stop ?? own.stop,
    seed: wanted.seed ?? Math.floor(Math.random() * 2 ** 32),
  };
}
