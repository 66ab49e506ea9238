import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const firstExisting = (paths: readonly (string | undefined)[]): string | undefined =>
  paths.find((path) => path !== undefined && path !== '' && existsSync(path));

const onPath = (name: string): string | undefined =>
  firstExisting((process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)));

/** A Chromium or Chrome to drive: `CHROMIUM_PATH`, else the usual places. */
export const findChromium = (): string | undefined =>
  firstExisting([
    process.env['CHROMIUM_PATH'],
    onPath('chromium'),
    onPath('chromium-browser'),
    onPath('google-chrome'),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ]);

/** The Electron binary: `ELECTRON_OVERRIDE_DIST_PATH`, else what the `electron` package has downloaded. */
export function findElectron(): string | undefined {
  const binary = process.platform === 'win32' ? 'electron.exe' : 'electron';
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) return firstExisting([join(override, binary)]);
  const folder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..', 'dist');
  return firstExisting([join(folder, binary), join(folder, 'Electron.app', 'Contents', 'MacOS', 'Electron')]);
}

export const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

export const hasXvfb = (): boolean => onPath('xvfb-run') !== undefined;
