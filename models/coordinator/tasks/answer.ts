import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { Lease } from '../../manager/ModelManager.ts';
import type { Raster } from '../../preprocessing/raster.ts';
import type { Router } from '../Router.ts';
import { type Look, look } from './look.ts';

export interface AnswerRequest extends Look {
  readonly question: string;
}

export interface Answer {
  readonly modelId: ModelId;
  readonly answered: Answered;
  readonly answer: string;
}

/** Answers a question about a picture. Errors: task/no-route, naming the models that see; image/*, model/*. */
export async function answer(
  router: Router,
  { question, ...request }: AnswerRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const ask = async ({ model }: Lease, picture: Raster) => {
    const [said = ''] = await model.answerQuestion([picture], [question], signal);
    return said.trim();
  };
  const { answered, result } = await look(router, 'answer', request, signal, ask, { question });
  return { modelId: answered.modelId, answered, answer: result };
}
