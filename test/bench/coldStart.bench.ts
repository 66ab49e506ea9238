import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { RecentStories } from '#electron/services/studio/project/recentStories.ts';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { bigStory, bigStorySize } from '../support/bigStory.ts';
import { findElectron } from '../support/machine.ts';
import { writeStory } from '../support/writeStory.ts';

/**
 * From starting the desktop application to the first scene of a long story being editable, beside an empty Electron window
 * in the same run, in turns. The writer's click on the story is made as soon as the shelf shows it.
 * `xvfb-run -a npx node test/bench/coldStart.bench.ts [rounds] [--cold]`, after `npm run build`. `--cold` also empties the
 * system's file cache before every start (Linux, root).
 */
const rounds = Number(process.argv[2] ?? 9);
const goal = 1.5;
const cold = process.argv.includes('--cold');
const repository = join(import.meta.dirname, '../..');
const executablePath = findElectron();
if (!executablePath) throw new Error('No Electron binary');

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function emptyFileCache(): void {
  if (cold) execFileSync('sh', ['-c', 'sync && echo 3 > /proc/sys/vm/drop_caches']);
}

/** Milliseconds until `ready` has resolved, and the moments on the way that it told. */
async function timedStart(
  args: readonly string[],
  ready: (page: Page, told: (moment: string) => void) => Promise<void>,
): Promise<Record<string, number>> {
  emptyFileCache();
  const startedAt = performance.now();
  const moments: Record<string, number> = {};
  const told = (moment: string) => {
    moments[moment] = Math.round(performance.now() - startedAt);
  };
  const app: ElectronApplication = await _electron.launch({
    executablePath: executablePath as string,
    args: [...args, '--no-sandbox', '--lang=en'],
    env: process.env as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    told('window');
    await ready(page, told);
    told('editable');
    return moments;
  } finally {
    await app.close();
  }
}

/** An editable element with text in it, on a page that has painted. */
const editable = (page: Page, selector: string): Promise<unknown> =>
  page.waitForFunction((wanted) => {
    const element = document.querySelector<HTMLElement>(wanted);
    return (
      performance.getEntriesByType('paint').length > 0 &&
      element?.isContentEditable &&
      element.innerText.length > 10
    );
  }, selector);

const root = await mkdtemp(join(tmpdir(), 'storyloom-start-'));
try {
  const story = { ...bigStory(bigStorySize), title: 'The Long Road' };
  const folder = await writeStory(join(root, 'stories'), story);
  await mkdir(join(folder, 'images'), { recursive: true });
  const picture = join(repository, 'electron/samples/crystal-guardian-en/images');
  const [some = ''] = (await readdir(picture)).filter(
    (name) => name.endsWith('.jpg') || name.endsWith('.png'),
  );
  for (const { file } of Object.values(story.images))
    await copyFile(join(picture, some), join(folder, 'images', file));
  const profile = join(root, 'profile');
  const sessions = createSessions({ userDataFolder: profile, autosave: false, watch: false });
  const opened = await sessions.open(folder);
  await new RecentStories(profile).remember(opened, new Date().toISOString());
  await sessions.closeAll();

  const empty: Record<string, number>[] = [];
  const ours: Record<string, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const plain = join(import.meta.dirname, 'coldStart/emptyWindow.cjs');
    empty.push(
      await timedStart([plain, `--user-data-dir=${join(root, 'plain')}`], async (page) => {
        await editable(page, 'body');
      }),
    );
    const args = [repository, `--user-data-dir=${profile}`, `--stories-folder=${join(root, 'stories')}`];
    ours.push(
      await timedStart(args, async (page, told) => {
        await page.waitForFunction(() => {
          const buttons = Array.from(document.querySelectorAll('button'));
          const card = buttons.find(({ textContent }) => textContent.includes('The Long Road'));
          card?.click();
          return card !== undefined;
        });
        told('shelf');
        await editable(page, '.cm-content');
      }),
    );
  }
  const at = (list: readonly Record<string, number>[], moment: string) =>
    median(list.map((one) => one[moment] ?? Number.NaN));
  const ratio = at(ours, 'editable') / at(empty, 'editable');
  console.table({
    'empty window': { window: at(empty, 'window'), editable: at(empty, 'editable') },
    Storyloom: { window: at(ours, 'window'), shelf: at(ours, 'shelf'), editable: at(ours, 'editable') },
    ratio: { editable: ratio.toFixed(2) },
  });
  process.exitCode = ratio <= goal ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}
