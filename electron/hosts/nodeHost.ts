import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AppError } from '#shared/errors/AppError.ts';
import { createAssetLister } from '../services/server/assets.ts';
import { openStudioServer } from '../services/server/StudioServer.ts';
import { defaultDataFolder, defaultStoriesFolder } from '../services/studio/app/dataFolder.ts';
import { openSettingsFile } from '../services/studio/app/settingsFile.ts';
import { createStudio } from '../services/studio/createStudio.ts';
import type { StudioHost } from '../services/studio/host.ts';
import { createProcesses } from '../services/supervisor/createProcesses.ts';
import { spawnNodeChild } from '../services/supervisor/spawnNodeChild.ts';

/** Stories of a browser that went away are closed after this long. */
const releaseAfterMs = 10 * 60_000;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'data-folder': { type: 'string', default: defaultDataFolder() },
    'stories-folder': { type: 'string', default: defaultStoriesFolder() },
    'release-after-ms': { type: 'string', default: String(releaseAfterMs) },
  },
});

const here = dirname(fileURLToPath(import.meta.url));
const fromSource = basename(here) === 'hosts';
const root = join(here, '..', '..');
const extension = fromSource ? 'ts' : 'js';
const userDataFolder = values['data-folder'];
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const unsupported = (what: string) => async () => {
  throw new AppError('host/unsupported', `${what} needs the desktop app`);
};
const host: StudioHost = {
  info: () => ({
    version,
    host: 'browser',
    platform: process.platform,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    storiesFolder: values['stories-folder'],
  }),
  chooseFolder: unsupported('A folder dialog'),
  chooseFile: unsupported('A file dialog'),
  reveal: unsupported('The file manager'),
  openLink: unsupported('Opening links'),
};

await mkdir(userDataFolder, { recursive: true });
const settings = await openSettingsFile(userDataFolder);
const builtInModels = join(root, 'dist', 'models');
const processes = createProcesses({
  userDataFolder,
  builtInModelsFolder: existsSync(builtInModels) ? builtInModels : '',
  modelMemoryBytes: () => settings.current.modelMemoryBytes,
  modelIdleMinutes: () => settings.current.modelIdleMinutes,
  modelHub: () => settings.current.modelHub,
  entries: {
    engine: join(here, `engineHost.${extension}`),
    imaging: join(here, `imagingHost.${extension}`),
  },
  deviceProbe: join(here, `deviceProbeHost.${extension}`),
  spawn: (options) => spawnNodeChild(process.execPath, options),
});
const studio = createStudio({
  host,
  settings,
  userDataFolder,
  samplesFolder: join(root, 'electron', 'samples'),
  engine: processes.engine,
  imaging: processes.imaging,
  probeDevices: processes.probeDevices,
});

const page = join(root, 'out', 'renderer');
if (!existsSync(page)) console.error('The page is not built: run "npm run build" first.');

let release: NodeJS.Timeout | undefined;
const server = await openStudioServer({
  studio,
  assets: createAssetLister(page),
  port: Number(values.port),
  onConnections: (count) => {
    clearTimeout(release);
    if (count > 0) return;
    release = setTimeout(() => {
      studio.sessions
        .closeAll()
        .catch((thrown: unknown) => console.error('Closing the stories failed', thrown));
    }, Number(values['release-after-ms']));
  },
});
console.log(`Storyloom is at ${server.newAddress()}`);
console.log('The address works once. Press Enter for a new one, Ctrl-C to save and end.');
if (process.stdin.isTTY) {
  process.stdin.on('data', () => console.log(`Storyloom is at ${server.newAddress()}`)).unref();
}

let ending = false;
async function end(): Promise<void> {
  if (ending) process.exit(1);
  ending = true;
  clearTimeout(release);
  try {
    await studio.dispose();
    await server.close();
  } catch (thrown) {
    console.error('Not everything could be saved', thrown);
    process.exitCode = 1;
  }
  processes.dispose();
  process.exit();
}
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
