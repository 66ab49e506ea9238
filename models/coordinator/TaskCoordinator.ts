import type { TogetherEvent } from '#shared/models/ensemble.ts';
import type { RasterNeed } from '#shared/models/raster.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { WriteEvent } from '#shared/models/task.ts';
import { openVectorsInMemory } from '../cache/openCache.ts';
import type { VectorStore } from '../cache/VectorStore.ts';
import type { ModelManager } from '../manager/ModelManager.ts';
import { Router, type RouterOptions } from './Router.ts';
import { type Answer, type AnswerRequest, answer } from './tasks/answer.ts';
import { type ComposeRequest, compose } from './tasks/compose.ts';
import { type ConverseRequest, converse } from './tasks/converse.ts';
import { type DescribeRequest, type Description, describe } from './tasks/describe.ts';
import { describeTogether } from './tasks/describeTogether.ts';
import {
  comparePictures,
  type EncodeRequest,
  encodePictures,
  type Matches,
  type MatchRequest,
  type MissingVectors,
  matchTexts,
  missingVectors,
  type VectorsRequest,
} from './tasks/pictureVectors.ts';
import { type Ranking, type RankRequest, rank } from './tasks/rank.ts';
import { type RasterNeedRequest, rasterNeed } from './tasks/rasterNeed.ts';
import { type WriteRequest, write } from './tasks/write.ts';

export interface CoordinatorOptions extends RouterOptions {
  /** Vectors made before; kept in memory where it is missing. */
  readonly vectors?: VectorStore;
}

/** Carries out tasks with whichever models can, and says which did. What each promises is told where it lives, in `tasks/`. */
export class TaskCoordinator {
  readonly #manager: ModelManager;
  readonly #router: Router;
  readonly #vectors: VectorStore;

  constructor(manager: ModelManager, options: CoordinatorOptions = {}) {
    this.#manager = manager;
    this.#router = new Router(manager, options);
    this.#vectors = options.vectors ?? openVectorsInMemory();
  }

  write(request: WriteRequest, signal: AbortSignal): AsyncGenerator<WriteEvent> {
    return write(this.#router, request, signal);
  }

  compose(request: ComposeRequest, signal: AbortSignal): AsyncGenerator<WriteEvent> {
    return compose(this.#router, request, signal);
  }

  converse(request: ConverseRequest, signal: AbortSignal): AsyncGenerator<WriteEvent> {
    return converse(this.#router, request, signal);
  }

  rank(request: RankRequest, signal: AbortSignal): Promise<Ranking> {
    return rank(this.#router, this.#vectors, request, signal);
  }

  missingVectors(request: VectorsRequest): MissingVectors {
    return missingVectors(this.#manager.list(), this.#vectors, request);
  }

  encodePictures(request: EncodeRequest, signal: AbortSignal): Promise<Answered> {
    return encodePictures(this.#router, this.#vectors, request, signal);
  }

  match(
    request: MatchRequest & { readonly texts: readonly string[] },
    signal: AbortSignal,
  ): Promise<Matches> {
    return matchTexts(this.#router, this.#vectors, request, signal);
  }

  compare(request: MatchRequest, signal: AbortSignal): Promise<Matches> {
    return comparePictures(this.#router, this.#vectors, request, signal);
  }

  /** How large a picture must be decoded for every model that may be asked to do something with it. */
  rasterNeed(request: RasterNeedRequest): Promise<RasterNeed> {
    return rasterNeed(this.#manager, request);
  }

  answer(request: AnswerRequest, signal: AbortSignal): Promise<Answer> {
    return answer(this.#router, request, signal);
  }

  describeTogether(request: DescribeRequest, signal: AbortSignal): AsyncGenerator<TogetherEvent> {
    return describeTogether(this.#router, request, signal);
  }

  describe(request: DescribeRequest, signal: AbortSignal): Promise<Description> {
    return describe(this.#router, request, signal);
  }
}
