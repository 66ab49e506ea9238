import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered, TaskKind } from '#shared/models/routing.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import { describeWith } from '../describeWith.ts';
import type { Router } from '../Router.ts';
import { type Look, look } from './look.ts';

export interface DescribeRequest extends Look {
  readonly style: DescriptionStyle;
}

export interface Description {
  readonly modelId: ModelId;
  readonly answered: Answered;
  readonly description: string;
}

/** Who describes well need not tell well. */
const taskOf = (style: DescriptionStyle): TaskKind => (style === 'story' ? 'tell' : 'describe');

/** Describes a picture. Errors: task/no-route, naming the models that see; image/*, model/*. */
export async function describe(
  router: Router,
  { style, ...request }: DescribeRequest,
  signal: AbortSignal,
): Promise<Description> {
  const { answered, result } = await look(router, taskOf(style), request, signal, (lease, picture) =>
    describeWith(lease, picture, { style, language: request.language }, signal),
  );
  return { modelId: answered.modelId, answered, description: result };
}
