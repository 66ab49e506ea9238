import type { WriteEvent } from '#shared/models/task.ts';
import type { ModelManager } from '../manager/ModelManager.ts';
import { Router, type RouterOptions } from './Router.ts';
import { type Answer, type AnswerRequest, answer } from './tasks/answer.ts';
import { type ComposeRequest, compose } from './tasks/compose.ts';
import { type ConverseRequest, converse } from './tasks/converse.ts';
import { type DescribeRequest, type Description, describe } from './tasks/describe.ts';
import { type Ranking, type RankRequest, rank } from './tasks/rank.ts';
import { type WriteRequest, write } from './tasks/write.ts';

/** Carries out tasks with whichever models can, and says which did. What each promises is told where it lives, in `tasks/`. */
export class TaskCoordinator {
  readonly #router: Router;

  constructor(manager: ModelManager, options: RouterOptions = {}) {
    this.#router = new Router(manager, options);
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
    return rank(this.#router, request, signal);
  }

  answer(request: AnswerRequest, signal: AbortSignal): Promise<Answer> {
    return answer(this.#router, request, signal);
  }

  describe(request: DescribeRequest, signal: AbortSignal): Promise<Description> {
    return describe(this.#router, request, signal);
  }
}
