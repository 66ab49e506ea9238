import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { createRandom } from '#models/runtime/sampling.ts';
import { desk } from '../e2e/desk.ts';
import { openDesktopStudio } from '../e2e/desktopStudio.ts';
import { installedModels } from '../support/models.ts';
import { picture } from '../support/pictures.ts';

/**
 * A writer types steadily in the desktop window and asks the model for text, while the engine and the imaging process are
 * killed in turns and started again, with the writer's click where the application has given them up.
 * `xvfb-run -a npx node test/soak/crashWhileTyping.ts [crashes]`, after `npm run build` (Linux). Fails when the window or
 * the disk does not hold exactly what was typed, or the application itself ended.
 */
const crashes = Number(process.argv[2] ?? 100);
const signals = ['SIGSEGV', 'SIGKILL', 'SIGABRT'] as const;
const keyPauseMs = 25;
const patienceMs = 60_000;
const root = mkdtempSync(join(tmpdir(), 'storyloom-typing-'));
const [profile, stories] = [join(root, 'profile'), join(root, 'stories')];
for (const folder of [profile, stories]) mkdirSync(folder);

/** The process that runs an entry file for this profile. */
function pidOf(entry: string): number | undefined {
  const found = readdirSync('/proc').find((name) => {
    try {
      if (!/^\d+$/.test(name)) return false;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return command.includes(`${entry}.js`) && command.includes(profile);
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

async function alive(entry: string, not?: number): Promise<number> {
  for (const until = performance.now() + patienceMs; performance.now() < until; await delay(50)) {
    const pid = pidOf(entry);
    if (pid !== undefined && pid !== not) return pid;
  }
  throw new Error(`${entry} did not come back`);
}

const killed = { engineHost: 0, imagingHost: 0 };
/** What the writer's loop looks at between words. */
const seen = { ended: false, gone: false };

async function crashAgainAndAgain(): Promise<void> {
  const random = createRandom(7);
  const last: Record<string, number> = {};
  for (let crash = 0; crash < crashes; crash++) {
    const entry = crash % 2 === 0 ? 'engineHost' : 'imagingHost';
    const pid = await alive(entry, last[entry]);
    await delay(random() * 600);
    process.kill(pid, signals[(crash >> 1) % signals.length]);
    last[entry] = pid;
    killed[entry] += 1;
    if ((crash + 1) % 20 === 0) console.log(`${String(crash + 1)} crashes`);
  }
  await Promise.all(Object.entries(last).map(([entry, pid]) => alive(entry, pid)));
}

/** Clicks "Start again" wherever it is offered. Resolves to how often. */
async function startAgain(page: Page): Promise<number> {
  const offered = page.getByRole('contentinfo').getByRole('button', { name: 'Start again' });
  const count = await offered.count();
  for (let index = 0; index < count; index++) await offered.first().click();
  if (count > 0) await desk.text(page).focus();
  return count;
}

/** The imaging process begins with the first picture. */
async function addPicture(page: Page): Promise<void> {
  const path = join(root, 'picture.jpg');
  await picture(640, 480).jpeg().toFile(path);
  await desk.tab(page, 'Pictures').click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add pictures' }).first().click();
  await (await chooser).setFiles([path]);
  await page.getByText('1 picture added.').waitFor();
}

async function onDisk(): Promise<string> {
  const [story = ''] = readdirSync(stories);
  const loaded = await loadProject(createDiskSource(join(stories, story)), { keepsTexts: true });
  return Object.values(loaded.story.scenes)[0]?.text ?? '';
}

/** Characters of `wanted` from the first difference on; 0 where the texts are the same. */
function missing(wanted: string, found: string): number {
  if (wanted === found) return 0;
  let same = 0;
  while (same < wanted.length && wanted[same] === found[same]) same++;
  console.log(`differs after ${JSON.stringify(wanted.slice(Math.max(0, same - 30), same + 30))}`);
  console.log(`       found ${JSON.stringify(found.slice(Math.max(0, same - 30), same + 30))}`);
  return Math.max(1, wanted.length - same);
}

const studio = await openDesktopStudio(profile, stories, { STORYLOOM_MODELS: await installedModels() });
try {
  const { page } = studio;
  page.on('crash', () => {
    seen.gone = true;
  });
  await desk.createStory(page, 'Storm');
  await desk.addScene(page);
  await addPicture(page);
  await desk.text(page).click();
  let typed = '';
  let restarts = 0;
  let asked = 0;
  const begunAt = performance.now();
  const crashing = crashAgainAndAgain().finally(() => {
    seen.ended = true;
  });
  for (let word = 0; !seen.ended; word++) {
    const next = `word${String(word)} `;
    await page.keyboard.type(next, { delay: keyPauseMs });
    typed += next;
    restarts += await startAgain(page);
    if (word % 8 !== 0) continue;
    await page.keyboard.press('Control+Enter');
    asked += 1;
  }
  await crashing;
  const seconds = Math.round((performance.now() - begunAt) / 1000);
  await desk.saved(page);
  const lostInWindow = missing(typed, await desk.wholeText(page));
  const lostOnDisk = missing(typed, (await onDisk()).replace(/\n$/, ''));
  const counts = { typed: typed.length, seconds, asked, restarts, lostInWindow, lostOnDisk, gone: seen.gone };
  console.log({ crashes, ...killed, ...counts });
  process.exitCode = lostInWindow + lostOnDisk === 0 && !seen.gone && asked > 0 ? 0 : 1;
} finally {
  await studio.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
