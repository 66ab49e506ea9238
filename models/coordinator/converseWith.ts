import { AppError } from '#shared/errors/AppError.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { PromptPart, WriteEvent } from '#shared/models/task.ts';
import type { Turn } from '../adapters/adapter.ts';
import { mostLikely } from '../adapters/mostLikely.ts';
import type { Lease } from '../manager/ModelManager.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { fitTurns } from './fitTurns.ts';
import { pictureTokens } from './shownPictures.ts';
import { streamText } from './streamText.ts';
import { Joint, promptBudget, samplingOf, type WantedSampling } from './writeWith.ts';

/** What was said and shown. */
export interface SeenTurn {
  readonly role: Turn['role'];
  readonly text: string;
  readonly pictures: readonly Raster[];
}

/** Answers the last turn of a conversation, the oldest turns left out where not all fit. Errors: model/*, input/invalid. */
export async function* converseWith(
  lease: Lease,
  turns: readonly SeenTurn[],
  wanted: WantedSampling,
  answered: () => Answered,
  signal: AbortSignal,
): AsyncGenerator<WriteEvent> {
  const { manifest, model } = lease;
  const { prompting } = model;
  if (!prompting) throw new AppError('model/unsupported-call', `${manifest.id} does not converse`);
  const sampling = samplingOf({ ...(manifest.writing?.sampling ?? mostLikely), maxTokens: 256 }, wanted);
  const budget = promptBudget(prompting.contextTokens, sampling.maxTokens);
  const told = turns.map(({ role, text, pictures }): Turn => ({ role, text, pictures: pictures.length }));
  const at = (places: readonly number[]) => places.flatMap((place) => told[place] ?? []);
  const shownIn = (places: readonly number[]) => places.flatMap((place) => turns[place]?.pictures ?? []);
  const cost = (places: readonly number[]) =>
    prompting.count(prompting.converse(at(places))) + pictureTokens(shownIn(places), prompting);
  const kept = fitTurns(told, (places) => cost(places) <= budget);
  const prompt = prompting.converse(at(kept));
  const parts = turns.map(
    ({ role, text, pictures }, place): PromptPart => ({
      name: 'turn',
      label: role,
      text,
      tokens: prompting.count(text) + pictureTokens(pictures, prompting),
      sent: kept.includes(place) ? 'whole' : 'left-out',
    }),
  );
  const { contextTokens } = prompting;
  yield {
    type: 'prompt',
    report: { modelId: manifest.id, prompt, promptTokens: cost(kept), contextTokens, parts },
  };
  const joint = new Joint('');
  const request = { images: shownIn(kept), prompt, names: [], keepTokens: 0, sampling };
  const end = yield* streamText(lease, request, (text) => joint.push(text), signal);
  yield { type: 'done', modelId: manifest.id, answered: answered(), seed: sampling.seed, ...end };
}
