import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSettingsFile } from '#electron/services/studio/app/settingsFile.ts';
import { createStudio, type Studio } from '#electron/services/studio/createStudio.ts';
import { createProcesses } from '#electron/services/supervisor/createProcesses.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import { AppError } from '#shared/errors/AppError.ts';

/** A whole studio with real processes, in folders of its own. */
export interface TestStudio extends AsyncDisposable {
  readonly studio: Studio;
  readonly folder: string;
  readonly processes: ReturnType<typeof createProcesses>;
}

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const refuse = async () => {
  throw new AppError('host/unsupported', 'Not in a test');
};

/** Opens a studio as the Node host does. Nothing of it survives its disposal. */
export async function openTestStudio(): Promise<TestStudio> {
  const folder = await mkdtemp(join(tmpdir(), 'storyloom-studio-'));
  const userDataFolder = join(folder, 'data');
  const settings = await openSettingsFile(userDataFolder);
  const processes = createProcesses({
    userDataFolder,
    builtInModelsFolder: '',
    modelMemoryBytes: () => settings.current.modelMemoryBytes,
    entries: {
      engine: fromRoot('electron/hosts/engineHost.ts'),
      imaging: fromRoot('electron/hosts/imagingHost.ts'),
    },
    spawn: (options) => spawnNodeChild(process.execPath, options),
  });
  const studio = createStudio({
    host: {
      info: () => ({
        version: '0.0.0',
        host: 'browser',
        platform: process.platform,
        locale: 'en',
        storiesFolder: join(folder, 'stories'),
      }),
      chooseFolder: refuse,
      chooseFile: refuse,
      reveal: refuse,
      openLink: refuse,
    },
    settings,
    userDataFolder,
    samplesFolder: fromRoot('electron/samples'),
    engine: processes.engine,
    imaging: processes.imaging,
  });
  return {
    studio,
    folder,
    processes,
    async [Symbol.asyncDispose]() {
      await studio.dispose();
      processes.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
