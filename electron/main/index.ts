import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, Menu } from 'electron';
import { createServer } from '../links/serve.ts';
import { createAssetLister } from '../services/server/assets.ts';
import { openSettingsFile } from '../services/studio/app/settingsFile.ts';
import { createStudio } from '../services/studio/createStudio.ts';
import { createProcesses } from '../services/supervisor/createProcesses.ts';
import { spawnNodeChild } from '../services/supervisor/spawnNodeChild.ts';
import { closeSafely } from './closeSafely.ts';
import { connectPages } from './connectPages.ts';
import { createWindow } from './createWindow.ts';
import { createDesktopHost } from './desktopHost.ts';
import { buildMenu } from './menu.ts';
import { registerPageScheme, servePages } from './pageProtocol.ts';
import { restrictEverything } from './security.ts';
import { spawnUtility } from './spawnUtility.ts';
import { mainTexts } from './texts.ts';

app.setName('Storyloom');
const chosenFolder = app.commandLine.getSwitchValue('user-data-dir');
if (chosenFolder) app.setPath('userData', chosenFolder);
registerPageScheme();
restrictEverything();

const userDataFolder = app.getPath('userData');
const here = import.meta.dirname;
const resources = app.isPackaged ? process.resourcesPath : join(here, '..', '..');
const engineStartsAfterMs = 2500;
/** Children that plain Node runs must lie outside the archive. */
const unpacked = here.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');

/** Chromium's allocator and GTK's GLib make plain Node the safe place for native code on Linux. */
function nodeBinary(): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return app.isPackaged
    ? join(resources, 'node', name)
    : join(resources, 'node_modules', 'node', 'bin', name);
}

async function start(): Promise<void> {
  await mkdir(userDataFolder, { recursive: true });
  const settings = await openSettingsFile(userDataFolder);
  const texts = () => mainTexts(settings.current.uiLanguage, app.getLocale());
  const builtInModelsFolder = app.isPackaged ? join(resources, 'models') : join(resources, 'dist', 'models');
  const processes = createProcesses({
    userDataFolder,
    builtInModelsFolder: existsSync(builtInModelsFolder) ? builtInModelsFolder : '',
    modelMemoryBytes: () => settings.current.modelMemoryBytes,
    modelIdleMinutes: () => settings.current.modelIdleMinutes,
    modelHub: () => settings.current.modelHub,
    entries: { engine: join(unpacked, 'engineHost.js'), imaging: join(unpacked, 'imagingHost.js') },
    deviceProbe: join(unpacked, 'deviceProbeHost.js'),
    spawn: (options) => {
      const { engineProcess } = settings.current;
      const node = engineProcess === 'node' || (engineProcess === 'auto' && process.platform === 'linux');
      return node && existsSync(nodeBinary()) ? spawnNodeChild(nodeBinary(), options) : spawnUtility(options);
    },
  });
  const storiesFolder =
    app.commandLine.getSwitchValue('stories-folder') || join(app.getPath('documents'), 'Storyloom');
  const studio = createStudio({
    host: createDesktopHost(storiesFolder, texts),
    settings,
    userDataFolder,
    samplesFolder: app.isPackaged ? join(resources, 'samples') : join(resources, 'electron', 'samples'),
    engine: processes.engine,
    imaging: processes.imaging,
    probeDevices: processes.probeDevices,
  });

  await app.whenReady();
  const devServer = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
  servePages(createAssetLister(join(here, '..', 'renderer')), studio.services.images, devServer);
  connectPages(createServer(studio.router));
  const showMenu = () =>
    Menu.setApplicationMenu(
      buildMenu(texts(), (action) => studio.services.app.menu(action), !app.isPackaged),
    );
  showMenu();
  void (async () => {
    for await (const event of studio.services.app.watch()) if (event.type === 'settings') showMenu();
  })();
  const window = createWindow('Storyloom');
  closeSafely(window, () => studio.dispose(), texts);
  // The window comes first: a process that starts beside it takes a processor that the page needs.
  window.once('show', () => setTimeout(() => processes.engine.start(), engineStartsAfterMs));
  app.on('will-quit', () => processes.dispose());
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => app.quit());
  start().catch((thrown: unknown) => {
    console.error('Storyloom could not start', thrown);
    app.exit(1);
  });
} else {
  app.quit();
}
