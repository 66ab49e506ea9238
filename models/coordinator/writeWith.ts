import { AppError } from '#shared/errors/AppError.ts';
import type { Sampling, Tried, WriteContext, WriteEvent } from '#shared/models/task.ts';
import { assemblePrompt } from '#shared/text/prompts/assemblePrompt.ts';
import { namesOf } from '#shared/text/prompts/mentions.ts';
import type { Lease } from '../manager/ModelManager.ts';

/** Tokens that arrive within one frame of a screen travel together: a message for each would cost more than the token. */
const frameMs = 25;

/** Share of the context that the prompt may take, so that there is room to write. */
const promptShare = 0.6;

/** What the caller wants of the sampling; the model's own settings where it says nothing. */
export type WantedSampling = { readonly [Key in keyof Sampling]?: Sampling[Key] | undefined };

/** Writes with one model: the prompt's report, the text, how it ended. Errors: model/*. */
export async function* writeWith(
  { manifest, model, noteSpeed }: Lease,
  context: WriteContext,
  wanted: WantedSampling,
  tried: readonly Tried[],
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const { prompting } = model;
  if (!prompting || !manifest.writing) {
    throw new AppError('model/unsupported-call', `${manifest.id} does not write`);
  }
  const sampling = samplingOf(manifest.writing.sampling, wanted);
  const reserved = Math.min(sampling.maxTokens, Math.ceil(prompting.contextTokens * (1 - promptShare)));
  const { prompt, promptTokens, leadTokens, parts } = assemblePrompt(context, {
    ...prompting,
    budgetTokens: prompting.contextTokens - reserved,
  });
  yield {
    type: 'prompt',
    report: {
      modelId: manifest.id,
      prompt,
      promptTokens,
      contextTokens: prompting.contextTokens,
      parts: [...parts],
    },
  };

  const started = performance.now();
  let firstTokenMs = 0;
  let tokens = 0;
  let pending = '';
  let sentAt = Number.NEGATIVE_INFINITY;
  const joint = new Joint(context.textBefore);
  const names = context.characters.flatMap(namesOf);
  const request = { images: [], prompt, names, keepTokens: leadTokens, sampling };
  const pieces = model.generateText(request, signal);
  let next = await pieces.next();
  while (!next.done) {
    if (tokens === 0) firstTokenMs = performance.now() - started;
    tokens = next.value.tokens;
    pending += joint.push(next.value.text);
    const now = performance.now();
    if (pending !== '' && now - sentAt >= frameMs) {
      yield { type: 'text', text: pending, tokens };
      pending = '';
      sentAt = now;
    }
    next = await pieces.next();
  }
  if (pending !== '') yield { type: 'text', text: pending, tokens };
  const writingMs = performance.now() - started - firstTokenMs;
  const tokensPerSecond = tokens > 1 && writingMs > 0 ? ((tokens - 1) / writingMs) * 1000 : 0;
  noteSpeed(tokensPerSecond);
  yield {
    type: 'done',
    modelId: manifest.id,
    revision: manifest.revision,
    seed: sampling.seed,
    finish: next.value,
    tokens,
    tokensPerSecond,
    firstTokenMs,
    tried: [...tried],
  };
}

/** Where the written text meets the scene's: no second space, and none at the beginning of an empty scene. */
class Joint {
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
function samplingOf(own: Omit<Sampling, 'seed'>, wanted: WantedSampling): Sampling {
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
