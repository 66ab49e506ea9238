import type { ModelId } from '#shared/models/manifest.ts';
import { type Answered, taskOfStyle } from '#shared/models/routing.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { Lease } from '../../manager/ModelManager.ts';
import type { Raster } from '../../preprocessing/raster.ts';
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

/** Describes a picture. Errors: task/no-route, naming the models that see; image/*, model/*. */
export async function describe(
  router: Router,
  { style, ...request }: DescribeRequest,
  signal: AbortSignal,
): Promise<Description> {
  const wanted = { style, language: request.language };
  const describePicture = (lease: Lease, picture: Raster) => describeWith(lease, picture, wanted, signal);
  const { answered, result } = await look(
    router,
    taskOfStyle(style),
    request,
    signal,
    describePicture,
    wanted,
  );
  return { modelId: answered.modelId, answered, description: result };
}
