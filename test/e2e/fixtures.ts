import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { openBrowserStudio } from './browserStudio.ts';
import { openDesktopStudio } from './desktopStudio.ts';
import type { Studio } from './Studio.ts';

export interface HostOptions {
  readonly hostedBy: 'electron' | 'node';
}
/** What a spec wants otherwise than the rest: the environment of the host, the writer's settings. */
export interface Prepared {
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}
interface Fixtures {
  readonly prepared: Prepared;
  readonly studio: Studio;
}

const modelsFolder = join(import.meta.dirname, '../../.cache/models');

/** Every test gets its own profile and stories folder; only this file knows which host is driven. */
export const test = base.extend<Fixtures & HostOptions>({
  hostedBy: ['electron', { option: true }],

  prepared: [{}, { option: true }],

  studio: async ({ hostedBy, browser, prepared }, use, testInfo) => {
    const folder = await mkdtemp(join(tmpdir(), 'storyloom-e2e-'));
    const [profile, stories] = [join(folder, 'profile'), join(folder, 'stories')];
    await Promise.all([mkdir(profile), mkdir(stories)]);
    if (prepared.settings) await writeFile(join(profile, 'settings.json'), JSON.stringify(prepared.settings));
    const env = { STORYLOOM_MODELS: modelsFolder, ...prepared.env };
    const context =
      hostedBy === 'node'
        ? await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
        : null;
    const studio = context
      ? await openBrowserStudio(context, profile, stories, env)
      : await openDesktopStudio(profile, stories, env);

    const tracing = studio.page.context().tracing;
    await tracing.start({ screenshots: true, snapshots: true });
    await use(studio);
    const failed = testInfo.status !== testInfo.expectedStatus;
    if (failed) {
      await studio.page.screenshot({ path: testInfo.outputPath('failure.png') }).catch(() => undefined);
      await testInfo.attach('stderr', { body: studio.log() });
    }
    await tracing.stop(failed ? { path: testInfo.outputPath('trace.zip') } : {}).catch(() => undefined);
    await studio.close();
    await context?.close();
    await rm(folder, { recursive: true, force: true });

    expect(
      studio
        .log()
        .split('\n')
        .filter((line) => line.includes('GLib')),
      'GLib warnings of this run',
    ).toEqual([]);
  },
});

export { expect };
