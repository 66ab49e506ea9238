import { AppError } from '#shared/errors/AppError.ts';
import type { Together, TogetherEvent } from '#shared/models/ensemble.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import { type Routing, type Tried, taskOfStyle } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Meaning } from '../ensemble/compareStatements.ts';
import { mergeCaptions, statementsOf } from '../ensemble/mergeCaptions.ts';
import type { Router } from '../Router.ts';
import { type DescribeRequest, describe } from './describe.ts';
import { lookRequest } from './look.ts';

/** More models than so many say little that is new, and each may have to be loaded. */
const maxModels = 4;

/**
 * Has every model that sees describe a picture, the likeliest first and one after the other, so that each can have the
 * memory, and puts together what they say. One that cannot does not stop the others; one alone is enough.
 * Errors: task/no-route, task/cancelled, image/*; the last model's where none could.
 */
export async function* describeTogether(
  router: Router,
  request: DescribeRequest,
  signal: AbortSignal,
): AsyncGenerator<TogetherEvent> {
  const { style, language, routing } = request;
  const route = router.route(lookRequest(taskOfStyle(style), request)).slice(0, maxModels);
  const captions: Together['captions'] = [];
  const failed: Tried[] = [];
  let last: AppError | null = null;
  for (const [index, modelId] of route.entries()) {
    yield { type: 'asking', modelId, index, count: route.length };
    try {
      const { answered, description } = await describe(router, { ...request, only: modelId }, signal);
      // It was asked because all were.
      captions.push({ answered: { ...answered, reasons: [] }, text: description });
      yield { type: 'said', modelId, text: description };
    } catch (thrown) {
      if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
      last = AppError.from(thrown);
      if (!last.code.startsWith('model/')) throw last;
      failed.push({ modelId, code: last.code });
      yield { type: 'failed', modelId, code: last.code };
    }
  }
  if (captions.length === 0 && last) throw last;
  const said = captions.map(({ answered: { modelId }, text }) => ({ modelId, text }));
  const meaning = said.length > 1 ? await meaningOf(router, said, { language, routing }, signal) : null;
  const merged = mergeCaptions(said, language, meaning);
  yield { type: 'done', together: { language, ...merged, captions, failed } };
}

/** How alike the statements' meanings are, where an encoder of sentences is installed; `null` where words must do. */
async function meaningOf(
  router: Router,
  said: readonly { readonly modelId: ModelId; readonly text: string }[],
  { language, routing }: { readonly language: Language; readonly routing: Routing },
  signal: AbortSignal,
): Promise<Meaning | null> {
  const texts = [
    ...new Set(said.flatMap(({ text }) => statementsOf(text, language)).map(({ text }) => text)),
  ];
  if (texts.length === 0) return null;
  const request = {
    task: 'rank',
    capability: 'similarity_computation',
    language,
    routing: { ...routing, chosen: null, weights: {} },
    suits: ({ manifest }: { manifest: { family: string } }) => manifest.family === 'embedding',
  } as const;
  try {
    const { result } = await router.run(request, signal, ({ model }) =>
      model.similarity({ left: { texts }, right: { texts } }, signal),
    );
    return (a, b) => result[texts.indexOf(a)]?.[texts.indexOf(b)] ?? 0;
  } catch (thrown) {
    if (signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
    return null;
  }
}
