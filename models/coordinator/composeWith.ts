import { AppError } from '#shared/errors/AppError.ts';
import { type ComposeContext, type ComposePurpose, hasSource } from '#shared/models/compose.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { Sampling, WriteEvent } from '#shared/models/task.ts';
import { passagesOf } from '#shared/text/passages.ts';
import { composePrompt } from '#shared/text/prompts/composePrompt.ts';
import { namesOf } from '#shared/text/prompts/mentions.ts';
import type { Prompting } from '../adapters/adapter.ts';
import type { Lease } from '../manager/ModelManager.ts';
import { streamText, type TextEnd } from './streamText.ts';
import { Joint, promptBudget, samplingOf, type WantedSampling } from './writeWith.ts';

/** What is usual for a purpose; the model's own settings elsewhere. What is made of a given text should not be invented. */
export const usualSampling: Readonly<Record<ComposePurpose, Partial<Sampling>>> = {
  title: { maxTokens: 100 },
  characters: { maxTokens: 320 },
  outline: { maxTokens: 480 },
  summary: { maxTokens: 160, temperature: 0, repetitionPenalty: 1.1 },
  translation: { temperature: 0, repetitionPenalty: 1.05 },
  rewrite: {},
};

/** A passage that is worked on at once is at most so long: small models lose the thread of more. */
const maxPassageTokens = 400;
/** A translation or a new version may be so much longer than its source. */
const growth = 2;
const spareTokens = 64;

/**
 * Writes something about the story that is no scene, with one model. A long source is worked on passage by passage: what
 * is translated or rewritten comes in one stream, a summary is made of the passages' summaries. Errors: model/*.
 */
export async function* composeWith(
  lease: Lease,
  context: ComposeContext,
  wanted: WantedSampling,
  answered: () => Answered,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const { manifest, model } = lease;
  const { prompting } = model;
  if (!prompting || manifest.writing?.form !== 'chat') {
    throw new AppError('model/unsupported-call', `${manifest.id} follows no instructions`);
  }
  const own = manifest.writing.sampling;
  const sampling = samplingOf({ ...own, ...usualSampling[context.purpose] }, wanted);
  const passages = hasSource(context.purpose)
    ? passagesOf(context.source, passageTokens(prompting), prompting.count)
    : [context.source];
  if (hasSource(context.purpose) && context.source.trim() === '') {
    throw new AppError('input/invalid', 'There is no text to work on');
  }

  const total: Total = { tokens: 0, writingMs: 0, firstTokenMs: null, finish: 'end' };
  const write = (source: string, before: string) =>
    writePassage(lease, prompting, { ...context, source }, sampling, before, total, signal);

  if (context.purpose === 'summary') {
    let texts = passages;
    while (texts.length > 1 && !signal.aborted) {
      const summaries: string[] = [];
      for (const passage of texts) summaries.push(await textOf(write(passage, '')));
      const joined = passagesOf(summaries.join('\n'), passageTokens(prompting), prompting.count);
      // A model that does not shorten anything must not be asked for ever.
      texts = joined.length < texts.length ? joined : [joined[0] ?? ''];
    }
    yield* write(texts[0] ?? '', '');
  } else {
    let before = '';
    for (const passage of passages) {
      if (signal.aborted) break;
      yield* write(passage, before);
      const gap = passages.length > 1 ? (/\s*$/u.exec(passage)?.[0] ?? '') : '';
      before = gap === '' ? 'x' : gap;
      if (gap !== '') yield { type: 'text', text: gap, tokens: total.tokens };
    }
  }
  yield {
    type: 'done',
    modelId: manifest.id,
    answered: answered(),
    seed: sampling.seed,
    finish: signal.aborted ? 'cancelled' : total.finish,
    tokens: total.tokens,
    tokensPerSecond: total.writingMs > 0 ? (total.tokens / total.writingMs) * 1000 : 0,
    firstTokenMs: total.firstTokenMs ?? 0,
  };
}

/** What several passages came to together. */
interface Total {
  tokens: number;
  writingMs: number;
  firstTokenMs: number | null;
  finish: TextEnd['finish'];
}

const passageTokens = ({ contextTokens }: Prompting): number =>
  Math.min(maxPassageTokens, Math.floor(contextTokens / 4));

/** Writes what is wanted of one passage; `before` is what was written before it. */
async function* writePassage(
  lease: Lease,
  prompting: Prompting,
  context: ComposeContext,
  sampling: Sampling,
  before: string,
  total: Total,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const isRemade = context.purpose === 'translation' || context.purpose === 'rewrite';
  const maxTokens = isRemade
    ? Math.min(sampling.maxTokens, growth * prompting.count(context.source) + spareTokens)
    : sampling.maxTokens;
  const { prompt, promptTokens, leadTokens, parts } = composePrompt(context, {
    ...prompting,
    budgetTokens: promptBudget(prompting.contextTokens, maxTokens),
  });
  const { contextTokens } = prompting;
  const modelId = lease.manifest.id;
  yield { type: 'prompt', report: { modelId, prompt, promptTokens, contextTokens, parts: [...parts] } };

  const joint = new Joint(before);
  const names = context.characters.flatMap(namesOf);
  const request = { images: [], prompt, names, keepTokens: leadTokens, sampling: { ...sampling, maxTokens } };
  const started = performance.now();
  const end = yield* streamText(lease, request, (text) => joint.push(text), signal, total.tokens);
  total.tokens += end.tokens;
  total.writingMs += performance.now() - started;
  total.firstTokenMs ??= end.firstTokenMs;
  // One passage that broke off makes the whole incomplete.
  if (total.finish !== 'length') total.finish = end.finish;
}

async function textOf(events: AsyncIterable<WriteEvent>): Promise<string> {
  let text = '';
  for await (const event of events) if (event.type === 'text') text += event.text;
  return text.trim();
}
