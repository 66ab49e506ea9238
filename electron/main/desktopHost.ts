import { app, BrowserWindow, dialog, shell } from 'electron';
import type { StudioHost } from '../services/studio/host.ts';
import type { MainTexts } from './texts.ts';

/** Dialogs, the file manager and the browser of the system. */
export function createDesktopHost(storiesFolder: string, texts: () => MainTexts): StudioHost {
  const parent = () => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  return {
    info: () => ({
      version: app.getVersion(),
      host: 'desktop',
      platform: process.platform,
      locale: app.getLocale(),
      storiesFolder,
    }),

    async chooseFolder(purpose) {
      const options: Electron.OpenDialogOptions = {
        title: texts().chooseFolder[purpose],
        properties: ['openDirectory', ...(purpose === 'open' ? [] : ['createDirectory' as const])],
      };
      const window = parent();
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      return canceled ? null : (filePaths[0] ?? null);
    },

    async chooseFile(purpose, name) {
      const title = texts().chooseFile[purpose];
      const filters = [{ name: 'tar', extensions: ['tar'] }];
      const window = parent();
      if (purpose === 'export-pack') {
        const options = { title, filters, defaultPath: name };
        const { canceled, filePath } = await (window
          ? dialog.showSaveDialog(window, options)
          : dialog.showSaveDialog(options));
        return canceled ? null : filePath;
      }
      const options: Electron.OpenDialogOptions = { title, filters, properties: ['openFile'] };
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      return canceled ? null : (filePaths[0] ?? null);
    },

    reveal: async (path) => shell.showItemInFolder(path),

    async openLink(url) {
      const { openLink } = texts();
      const options: Electron.MessageBoxOptions = {
        type: 'question',
        message: openLink.question,
        detail: url.protocol === 'mailto:' ? url.href : `${url.host}\n\n${url.href}`,
        buttons: [openLink.open, openLink.cancel],
        defaultId: 1,
        cancelId: 1,
        noLink: true,
      };
      const window = parent();
      const { response } = await (window
        ? dialog.showMessageBox(window, options)
        : dialog.showMessageBox(options));
      if (response === 0) await shell.openExternal(url.href);
    },
  };
}
