import { implement } from '@orpc/server';
import type { Cache } from '#models/cache/openCache.ts';
import type { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import type { ModelManager } from '#models/manager/ModelManager.ts';
import type { Metrics } from '#models/metrics/Metrics.ts';
import { engineContract } from '#shared/contract/engine.ts';
import type { DeviceVerdict } from '#shared/models/devices.ts';

const engine = implement(engineContract);

/** What the engine process serves. A call that the other side cancels is aborted through its signal. */
export function createEngineRouter(
  manager: ModelManager,
  coordinator: TaskCoordinator,
  { cache, metrics }: { readonly cache: Cache; readonly metrics: Metrics },
  devices: () => Promise<readonly DeviceVerdict[]>,
  fetchFrom: (mirror: string) => void,
) {
  const { models, inference } = engine;
  return engine.router({
    models: {
      list: models.list.handler(() => manager.list()),
      watch: models.watch.handler(({ signal }) => manager.watch(signal)),
      install: models.install.handler(({ input, signal }) =>
        manager.install(input.modelId, orNever(signal), input.precision),
      ),
      uninstall: models.uninstall.handler(({ input }) => manager.uninstall(input.modelId)),
      load: models.load.handler(({ input: { modelId, ...wish }, signal }) =>
        manager.load(modelId, orNever(signal), wish),
      ),
      unload: models.unload.handler(({ input }) => manager.unload(input.modelId)),
      pin: models.pin.handler(({ input }) => manager.pin(input.modelId, input.pinned)),
      devices: models.devices.handler(async () => [...(await devices())]),
      rescan: models.rescan.handler(() => manager.rescan()),
      exportPack: models.exportPack.handler(({ input: { modelId, ...options }, signal }) =>
        manager.exportPack(modelId, options, orNever(signal)),
      ),
      importPack: models.importPack.handler(({ input, signal }) =>
        manager.importPack(input.path, orNever(signal)),
      ),
      register: models.register.handler(({ input }) => manager.register(input.path, input.family)),
      fetchFrom: models.fetchFrom.handler(({ input }) => fetchFrom(input.mirror)),
      limit: models.limit.handler(({ input }) =>
        manager.limit(input.budgetBytes, input.idleMinutes * 60_000),
      ),
    },
    inference: {
      write: inference.write.handler(({ input, signal }) => coordinator.write(input, orNever(signal))),
      compose: inference.compose.handler(({ input, signal }) => coordinator.compose(input, orNever(signal))),
      converse: inference.converse.handler(({ input, signal }) =>
        coordinator.converse(input, orNever(signal)),
      ),
      rank: inference.rank.handler(({ input, signal }) => coordinator.rank(input, orNever(signal))),
      answer: inference.answer.handler(({ input, signal }) => coordinator.answer(input, orNever(signal))),
      describeTogether: inference.describeTogether.handler(({ input, signal }) =>
        coordinator.describeTogether(input, orNever(signal)),
      ),
      describe: inference.describe.handler(({ input, signal }) =>
        coordinator.describe(input, orNever(signal)),
      ),
      ...pictureHandlers(coordinator),
    },
    cache: {
      summary: engine.cache.summary.handler(() => cache.summary()),
      clear: engine.cache.clear.handler(() => {
        cache.clear();
        return cache.summary();
      }),
    },
    metrics: {
      summary: engine.metrics.summary.handler(({ input }) => metrics.summary(input.range)),
      series: engine.metrics.series.handler(({ input }) => metrics.series(input.range)),
      lastUsed: engine.metrics.lastUsed.handler(({ input }) => ({ modelId: metrics.lastUsed(input.task) })),
      export: engine.metrics.export.handler(() => metrics.export()),
    },
  });
}

/** Pictures by what they look like. */
function pictureHandlers(coordinator: TaskCoordinator) {
  const { rasterNeed, missingVectors, encodePictures, match, compare } = engine.inference;
  return {
    rasterNeed: rasterNeed.handler(({ input }) => coordinator.rasterNeed(input)),
    missingVectors: missingVectors.handler(({ input }) => coordinator.missingVectors(input)),
    encodePictures: encodePictures.handler(async ({ input, signal }) => {
      const answered = await coordinator.encodePictures(input, orNever(signal));
      return { modelId: answered.modelId, answered };
    }),
    match: match.handler(({ input, signal }) => coordinator.match(input, orNever(signal))),
    compare: compare.handler(({ input, signal }) => coordinator.compare(input, orNever(signal))),
  };
}

const orNever = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;
