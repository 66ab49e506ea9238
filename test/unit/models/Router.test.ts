import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainRoute, planRoute, type RouteRequest } from '#models/coordinator/planRoute.ts';
import { Router } from '#models/coordinator/Router.ts';
import type { Lease } from '#models/manager/ModelManager.ts';
import { AppError, type ErrorCode, errorTraits } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Answered } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';
import { candidates, routings } from '../../support/routes.ts';

const never = new AbortController().signal;

/** What a model does when it is asked: pieces, then an end or a failure. */
interface Behaviour {
  readonly pieces: number;
  readonly failure: ErrorCode | null;
  readonly failsAtLoading: boolean;
}
const codes = Object.keys(errorTraits) as ErrorCode[];
const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  pieces: fc.nat(2),
  failure: fc.oneof(
    fc.constant(null),
    fc.constantFrom(...codes),
    fc.constantFrom(...codes.filter((code) => errorTraits[code].fallback)),
  ),
  failsAtLoading: fc.boolean(),
});

function desk(entries: readonly ModelEntry[], behaviours: readonly Behaviour[]) {
  const acquired: ModelId[] = [];
  let held = 0;
  const behaves = (id: ModelId): Behaviour =>
    behaviours[entries.findIndex(({ manifest }) => manifest.id === id)] ?? {
      pieces: 1,
      failure: null,
      failsAtLoading: false,
    };
  const fail = (code: ErrorCode) => new AppError(code, 'as planned');
  const router = new Router({
    list: () => [...entries],
    async acquire(id) {
      acquired.push(id);
      const { failure, failsAtLoading } = behaves(id);
      if (failure && failsAtLoading) throw fail(failure);
      held += 1;
      const manifest = entries.find((entry) => entry.manifest.id === id)?.manifest;
      return { manifest, [Symbol.dispose]: () => (held -= 1) } as unknown as Lease;
    },
  });
  async function* work({ manifest }: Lease, answered: () => Answered) {
    const { pieces, failure } = behaves(manifest.id);
    for (let piece = 0; piece < pieces; piece++) yield { type: 'text' as const, from: manifest.id };
    if (failure) throw fail(failure);
    yield { type: 'done' as const, answered: answered() };
  }
  return { router, work, acquired, held: () => held };
}

const requests: fc.Arbitrary<RouteRequest> = fc.record({
  task: fc.constant('describe' as const),
  capability: fc.constant('question_answering' as const),
  language: fc.constantFrom(...Language.options),
  routing: routings,
});

test('a stream falls back only before its first word and only for errors that allow it, and tells all it tried', async () => {
  let fellBack = 0;
  await fc.assert(
    fc.asyncProperty(
      candidates,
      fc.array(behaviour, { minLength: 8, maxLength: 8 }),
      requests,
      async (entries, behaviours, request) => {
        const { router, work, acquired, held } = desk(entries, behaviours);
        const route = planRoute(entries, request);
        const words: ModelId[] = [];
        let done: Answered | null = null;
        let error: AppError | null = null;
        try {
          const events = router.stream(request, never, work, ({ type }) => type === 'text');
          for await (const event of events) {
            if (event.type === 'text') words.push(event.from);
            if (event.type === 'done') done = event.answered;
          }
        } catch (thrown) {
          error = AppError.from(thrown);
        }
        expect(held()).toBe(0);
        if (route.length === 0) {
          expect(error?.code).toBe('task/no-route');
          return;
        }
        expect(acquired).toEqual(route.slice(0, acquired.length));
        expect(new Set(words).size).toBeLessThanOrEqual(1);
        const behaves = (id: ModelId) =>
          behaviours[entries.findIndex(({ manifest }) => manifest.id === id)] as Behaviour;
        for (const id of acquired.slice(0, -1)) {
          const { failure, failsAtLoading, pieces } = behaves(id);
          expect(failure && errorTraits[failure].fallback).toBe(true);
          expect(failsAtLoading || pieces === 0).toBe(true);
        }
        fellBack += Number(acquired.length > 1);
        const last = acquired.at(-1) as ModelId;
        if (done) {
          expect(done.modelId).toBe(last);
          expect(done.tried).toEqual(
            acquired.slice(0, -1).map((modelId) => ({ modelId, code: behaves(modelId).failure })),
          );
          const left = entries.filter(({ manifest }) => !acquired.slice(0, -1).includes(manifest.id));
          expect(done.reasons).toEqual(explainRoute(left, request, last));
        } else {
          expect(error?.code).toBe(behaves(last).failure);
          if (error?.allowsFallback && acquired.length > 1) expect(error.details['tried']).toEqual(acquired);
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(fellBack).toBeGreaterThan(50);
});

test('work without a stream goes the same way', async () => {
  await fc.assert(
    fc.asyncProperty(candidates, requests, fc.nat(3), async (entries, request, failures) => {
      const route = planRoute(entries, request);
      if (route.length === 0) return;
      const { router, held } = desk(entries, []);
      const asked: ModelId[] = [];
      const running = router.run(request, never, async ({ manifest }) => {
        asked.push(manifest.id);
        if (asked.length <= failures) throw new AppError('model/out-of-memory', 'no room');
        return manifest.id;
      });
      if (failures >= route.length) {
        await expect(running).rejects.toMatchObject({ code: 'model/out-of-memory' });
        expect(asked).toEqual(route);
      } else {
        const { answered, result } = await running;
        expect(result).toBe(route[failures]);
        expect(answered.modelId).toBe(result);
        expect(answered.tried.map(({ modelId }) => modelId)).toEqual(route.slice(0, failures));
      }
      expect(held()).toBe(0);
    }),
  );
});

test('a cancel is a cancel, whatever the model makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(candidates, requests, async (entries, request) => {
      if (planRoute(entries, request).length === 0) return;
      const { router, acquired } = desk(entries, []);
      const abort = new AbortController();
      const running = router.run(request, abort.signal, async () => {
        abort.abort();
        throw new AppError('model/load-failed', 'gone');
      });
      await expect(running).rejects.toMatchObject({ code: 'task/cancelled' });
      expect(acquired).toHaveLength(1);
    }),
  );
});
