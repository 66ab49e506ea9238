import { once } from 'node:events';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../support/machine.ts';
import type { Studio } from './Studio.ts';

const root = join(import.meta.dirname, '../..');

/** Starts the built desktop app in real Electron. */
export async function openDesktopStudio(
  profile: string,
  stories: string,
  env: NodeJS.ProcessEnv,
): Promise<Studio> {
  const executablePath = findElectron();
  if (!executablePath) throw new Error('No Electron binary');
  let app: ElectronApplication;
  let page: Page;
  let log = '';

  async function start(): Promise<void> {
    app = await _electron.launch({
      executablePath: executablePath as string,
      args: [root, '--no-sandbox', `--user-data-dir=${profile}`, `--stories-folder=${stories}`, '--lang=en'],
      env: {
        ...(process.env as Record<string, string>),
        ...(env as Record<string, string>),
        STORYLOOM_TEST: '1',
      },
    });
    app
      .process()
      .stderr?.setEncoding('utf8')
      .on('data', (text: string) => {
        log += text;
      });
    page = await app.firstWindow();
    await page.waitForLoadState('domcontentloaded');
  }

  await start();
  return {
    get page() {
      return page;
    },
    profile,
    stories,
    log: () => log,
    async restart() {
      await app.close();
      await start();
    },
    async killAndRestart() {
      const ended = once(app.process(), 'exit');
      app.process().kill('SIGKILL');
      await ended;
      await start();
    },
    close: () => app.close(),
  };
}
