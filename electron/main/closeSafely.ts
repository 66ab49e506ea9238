import { type BrowserWindow, dialog } from 'electron';
import type { MainTexts } from './texts.ts';

const saveLimitMs = 15_000;

/** Lets a window close only after `save` is done; when that fails, the writer decides. */
export function closeSafely(window: BrowserWindow, save: () => Promise<void>, texts: () => MainTexts): void {
  let saving = false;

  async function attempt(): Promise<void> {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(new Error('Saving takes too long')), saveLimitMs);
    try {
      await Promise.race([save(), limit.promise]);
      window.destroy();
    } catch (thrown) {
      const { saveFailed } = texts();
      const { response } = await dialog.showMessageBox(window, {
        type: 'error',
        message: saveFailed.message,
        detail: thrown instanceof Error ? thrown.message : String(thrown),
        buttons: [saveFailed.retry, saveFailed.stay, saveFailed.quit],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      });
      if (response === 0) await attempt();
      if (response === 2) window.destroy();
    } finally {
      clearTimeout(timer);
    }
  }

  window.on('close', (event) => {
    event.preventDefault();
    if (saving) return;
    saving = true;
    void attempt().finally(() => {
      saving = false;
    });
  });
}
