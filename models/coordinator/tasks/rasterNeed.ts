import type { ModelId } from '#shared/models/modelId.ts';
import type { RasterNeed } from '#shared/models/raster.ts';
import type { Routing, TaskKind } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';
import type { ModelManager } from '../../manager/ModelManager.ts';
import { joinRasterNeeds, planRasterNeed } from '../../preprocessing/planRasterNeed.ts';
import { readPreprocessor } from '../../preprocessing/preprocessor.ts';
import { encoderRequest } from '../pictures/encoders.ts';
import { planRoute, type RouteRequest } from '../planRoute.ts';
import { lookRequest } from './look.ts';

export interface RasterNeedRequest {
  /** `vectors` for comparing pictures. */
  readonly purpose: TaskKind | 'vectors';
  readonly language: Language;
  readonly encoder: ModelId | null;
  readonly routing: Routing;
}

const requestOf = ({ purpose, language, encoder, routing }: RasterNeedRequest): RouteRequest =>
  purpose === 'vectors'
    ? encoderRequest(language, routing, encoder)
    : lookRequest(purpose, { language, routing });

/**
 * How large a picture must be decoded for each model that may be asked; what was enough for all before, where none can be
 * or where it does not say.
 */
export async function rasterNeed(
  manager: Pick<ModelManager, 'list' | 'folderOf'>,
  request: RasterNeedRequest,
): Promise<RasterNeed> {
  const needs: RasterNeed[] = [];
  for (const id of planRoute(manager.list(), requestOf(request))) {
    const folder = manager.folderOf(id);
    const preprocessor = folder === null ? null : await readPreprocessor(folder).catch(() => null);
    if (preprocessor) needs.push(planRasterNeed(preprocessor));
  }
  return joinRasterNeeds(needs);
}
