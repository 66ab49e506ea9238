import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import type { Studio } from './Studio.ts';

const root = join(import.meta.dirname, '../..');

/** Starts the Node host on a random port and opens its page in a browser. */
export async function openBrowserStudio(
  context: BrowserContext,
  profile: string,
  stories: string,
  env: NodeJS.ProcessEnv,
): Promise<Studio> {
  let host: ChildProcess;
  let log = '';
  const page = await context.newPage();

  async function start(): Promise<void> {
    const args = ['electron/hosts/nodeHost.ts', '--data-folder', profile, '--stories-folder', stories];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
    host = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /https?:\/\/\S+/.exec(output);
        if (found) resolve(found[0]);
      });
      child.once('exit', (code) => reject(new Error(`The host ended with ${String(code)}: ${log}`)));
    });
    await page.goto(address);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (host.exitCode !== null || host.signalCode !== null) return;
    const ended = once(host, 'exit');
    host.kill(signal);
    await ended;
  }

  await start();
  return {
    page,
    profile,
    stories,
    log: () => log,
    async restart() {
      await end('SIGINT');
      await start();
    },
    async killAndRestart() {
      await end('SIGKILL');
      await start();
    },
    async close() {
      await page.close();
      await end('SIGINT');
    },
  };
}
