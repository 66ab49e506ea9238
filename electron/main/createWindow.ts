import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { pageUrl } from './origin.ts';

const maxReloadsPerMinute = 3;

/** The only way to make a window: sandboxed, isolated, without Node, on our own page. */
export function createWindow(title: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title,
    backgroundColor: '#fbf9f5',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      spellcheck: true,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());

  const reloadedAt: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    reloadedAt.push(now);
    if (reloadedAt.filter((at) => now - at < 60_000).length <= maxReloadsPerMinute) {
      // Reloading inside this event would bring Electron itself down.
      setTimeout(() => {
        if (!window.isDestroyed()) window.webContents.reload();
      }, 100);
      return;
    }
    dialog.showErrorBox(title, `The window keeps failing (${reason}). Everything up to now has been kept.`);
  });
  void window.loadURL(pageUrl);
  return window;
}
