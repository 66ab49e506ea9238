import { adapters } from '#models/adapters/registry.ts';
import { AnswerMemory } from '#models/cache/AnswerMemory.ts';
import { openCache } from '#models/cache/openCache.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import { batched } from '#models/jobs/BatchedModel.ts';
import { officialEndpoint } from '#models/manager/download/hubUrls.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { Metrics } from '#models/metrics/Metrics.ts';
import { rememberedDevices } from '#models/runtime/devices.ts';
import { candidateDevices, usableDevices, whyCpu } from '#shared/models/devices.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { HostPort } from '../../links/hostPort.ts';
import { createEngineRouter } from './createEngineRouter.ts';
import { readHubToken } from './readHubToken.ts';

export interface EngineOptions {
  /** Where models are installed. */
  readonly modelsFolder: string;
  /** Models that came with the application; `null` when there are none. */
  readonly builtInModelsFolder: string | null;
  readonly budgetBytes: number;
  readonly idleMs: number;
  /** Scheme and host of the mirror that models come from; empty for the official hub. */
  readonly modelHub: string;
  /** Where the writer's token for the hub is kept. */
  readonly hubTokenFile: string;
  /** Where the verdicts on this machine's devices are remembered. */
  readonly devicesFile: string;
  /** Who watches over the memory of this process. */
  readonly pressure: Pick<HostPort, 'tellHeld' | 'onRelease'>;
}

/** The engine's services over the real models, ready to be served. */
export async function openEngine(options: EngineOptions) {
  const { modelsFolder, builtInModelsFolder, budgetBytes, idleMs, devicesFile, pressure } = options;
  let devices = await rememberedDevices(devicesFile);
  const candidates = candidateDevices(process.platform, process.arch);
  let endpoint = options.modelHub || officialEndpoint;
  const store = new ModelStore(modelsFolder, builtInModelsFolder, {
    get endpoint() {
      return endpoint;
    },
    token: () => readHubToken(options.hubTokenFile),
  });
  const manager = await ModelManager.open({
    catalog,
    adapters: batched(adapters),
    store,
    budgetBytes,
    idleMs,
    devices: () => usableDevices(devices),
    cpuReason: () => whyCpu(devices, candidates),
    onHeld: pressure.tellHeld,
  });
  pressure.onRelease(() => void manager.releaseIdle());
  const askDevices = async () => {
    devices = await rememberedDevices(devicesFile);
    return devices;
  };
  const cache = openCache(modelsFolder);
  const metrics = new Metrics({ folder: modelsFolder, modelBytes: () => residentBytes(manager.list()) });
  const coordinator = new TaskCoordinator(manager, {
    memory: new AnswerMemory(cache.answers, () => usableDevices(devices)[0] ?? 'cpu'),
    vectors: cache.vectors,
    runs: metrics,
  });
  return createEngineRouter(manager, coordinator, { cache, metrics }, askDevices, (mirror) => {
    endpoint = mirror || officialEndpoint;
  });
}

const residentBytes = (entries: readonly ModelEntry[]): number =>
  entries.reduce((sum, { status }) => sum + (status.state === 'loaded' ? status.residentBytes : 0), 0);
