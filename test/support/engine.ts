import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcesses } from '#electron/services/supervisor/createProcesses.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';

const hosts = join(import.meta.dirname, '../../electron/hosts');

export interface EngineProcessOptions {
  /** Read-only folder with installed models; the process has an empty one of its own beside it. */
  readonly models: string;
  readonly budgetBytes?: number;
  /** Entry file that tries the devices; none is tried without it. */
  readonly deviceProbe?: string;
}

/** The real engine process, supervised as in the application. */
export async function startEngine({ models, budgetBytes = 2 ** 32, deviceProbe }: EngineProcessOptions) {
  const userDataFolder = await mkdtemp(join(tmpdir(), 'storyloom-engine-'));
  const processes = createProcesses({
    userDataFolder,
    builtInModelsFolder: models,
    modelMemoryBytes: () => budgetBytes,
    ...(deviceProbe === undefined ? {} : { deviceProbe }),
    entries: { engine: join(hosts, 'engineHost.ts'), imaging: join(hosts, 'imagingHost.ts') },
    spawn: (options) => spawnNodeChild(process.execPath, options),
  });
  return {
    client: processes.engine.client,
    imaging: processes.imaging.client,
    process: processes.engine,
    userDataFolder,
    [Symbol.asyncDispose]: async () => {
      processes.dispose();
      await rm(userDataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
