import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { defaultDataFolder, defaultStoriesFolder } from '../services/studio/app/dataFolder.ts';
import { openSettingsFile } from '../services/studio/app/settingsFile.ts';
import { createStudio, type Studio } from '../services/studio/createStudio.ts';
import type { StudioHost } from '../services/studio/host.ts';
import { createProcesses } from '../services/supervisor/createProcesses.ts';
import { spawnNodeChild } from '../services/supervisor/spawnNodeChild.ts';

export interface OpenStudioOptions {
  /** Where settings, journals, snapshots and models are; the application's own where it is `null`. */
  readonly dataFolder: string | null;
  /** Where models are installed; `STORYLOOM_MODELS` goes first, the data folder is used where both are missing. */
  readonly modelsFolder: string | null;
  /** Bytes that models may hold together; the setting where it is `null`. */
  readonly modelMemoryBytes: number | null;
}

/** The studio in this process, with the engine and the pictures in processes of their own, started when first needed. */
export interface OpenStudio extends AsyncDisposable {
  readonly studio: Studio;
  readonly engine: ReturnType<typeof createProcesses>['engine'];
  readonly imaging: ReturnType<typeof createProcesses>['imaging'];
  /** Folder for pixels on their way from imaging to the engine. */
  readonly rastersFolder: string;
}

const here = import.meta.dirname;
const fromSource = basename(here) === 'cli';
const root = join(here, '..', '..');
const hostEntry = (name: string) => join(here, '..', 'hosts', `${name}.${fromSource ? 'ts' : 'js'}`);

const unsupported = (what: string) => async () => {
  throw new AppError('host/unsupported', `${what} needs the desktop app`);
};

function createCliHost(storiesFolder: string): StudioHost {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    info: () => ({
      version,
      host: 'browser',
      platform: process.platform,
      locale: Intl.DateTimeFormat().resolvedOptions().locale,
      storiesFolder,
    }),
    chooseFolder: unsupported('A folder dialog'),
    chooseFile: unsupported('A file dialog'),
    reveal: unsupported('The file manager'),
    openLink: unsupported('Opening links'),
  };
}

/** Opens the studio. Disposing saves and closes every story. Errors: disk/*. */
export async function openStudio({
  dataFolder,
  modelsFolder,
  modelMemoryBytes,
}: OpenStudioOptions): Promise<OpenStudio> {
  const userDataFolder = dataFolder ?? defaultDataFolder();
  await mkdir(userDataFolder, { recursive: true });
  if (modelsFolder !== null) process.env['STORYLOOM_MODELS'] ??= modelsFolder;
  const settings = await openSettingsFile(userDataFolder);
  const builtInModels = join(root, 'dist', 'models');
  const processes = createProcesses({
    userDataFolder,
    builtInModelsFolder: existsSync(builtInModels) ? builtInModels : '',
    modelMemoryBytes: () => modelMemoryBytes ?? settings.current.modelMemoryBytes,
    modelIdleMinutes: () => settings.current.modelIdleMinutes,
    modelHub: () => settings.current.modelHub,
    entries: { engine: hostEntry('engineHost'), imaging: hostEntry('imagingHost') },
    spawn: (options) => spawnNodeChild(process.execPath, options),
  });
  const studio = createStudio({
    host: createCliHost(settings.current.storiesFolder || defaultStoriesFolder()),
    settings,
    userDataFolder,
    samplesFolder: join(root, 'electron', 'samples'),
    engine: processes.engine,
    imaging: processes.imaging,
  });
  return {
    studio,
    engine: processes.engine,
    imaging: processes.imaging,
    rastersFolder: join(userDataFolder, 'rasters'),
    async [Symbol.asyncDispose]() {
      try {
        await studio.dispose();
      } finally {
        processes.dispose();
      }
    },
  };
}
