import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { picture } from '../support/pictures.ts';
import { desk } from './desk.ts';
import { test as base, expect } from './fixtures.ts';

/** A tiny model that sees: what it says is no sentence, but it says it as a real one does. */
const models = mkdtempSync(join(tmpdir(), 'storyloom-e2e-models-'));
cpSync(join(import.meta.dirname, '../fixtures/parity/llava'), join(models, 'tiny-llava'), {
  recursive: true,
});
const test = base.extend({ prepared: { env: { STORYLOOM_MODELS: models } } });

async function violations(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

/** A story with pictures that nobody has described. */
async function withPictures(page: Page, folder: string, count: number): Promise<void> {
  await desk.createStory(page, 'Album');
  await desk.tab(page, 'Pictures').click();
  const paths = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const path = join(folder, `picture ${String(index + 1)}.jpg`);
      await picture(120 + 8 * index, 90)
        .jpeg()
        .toFile(path);
      return path;
    }),
  );
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add pictures' }).first().click();
  await (await chooser).setFiles(paths);
  await expect(page.getByText(`${String(count)} pictures added.`)).toBeVisible({ timeout: 30_000 });
}

/** Asks for alt texts and waits for the panel that shows the job. */
async function describe(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Describe pictures without alt text…' }).click();
  await page
    .getByRole('dialog', { name: 'Describe pictures' })
    .getByRole('button', { name: 'Begin' })
    .click();
  const panel = page.getByRole('dialog', { name: 'Activity' });
  await expect(panel.getByRole('article')).toHaveCount(1);
  return panel;
}

test('pictures are described in the background; the writer reviews each text, and undo takes them all back', async ({
  studio,
}) => {
  const { page } = studio;
  await withPictures(page, studio.profile, 3);
  const panel = await describe(page);
  const review = panel.getByRole('button', { name: 'Review 3 proposals' });
  await expect(review).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('article')).toContainText('Done · 3 of 3');
  expect(await violations(page)).toEqual([]);
  await review.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Proposed texts' });
  await expect(dialog.getByRole('textbox')).toHaveCount(3);
  for (const theme of ['contrast', 'dark', 'light']) {
    await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  await dialog.getByRole('textbox', { name: /picture 1\.jpg/ }).fill('A field of stars.');
  await dialog.getByRole('button', { name: 'Dismiss the text for picture 3.jpg' }).click();
  await dialog.getByRole('button', { name: 'Take over all 2' }).click();
  await expect(dialog).toContainText('All proposals are decided');
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await expect(panel.getByRole('button', { name: /^Review/ })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('img', { name: 'A field of stars.' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo: 2 proposed texts' }).click();
  await expect(page.getByRole('img', { name: 'A field of stars.' })).toHaveCount(0);
  await expect(page.getByRole('img', { name: 'picture 2.jpg' })).toBeVisible();
});

test('a job goes on after the studio was killed, and says what is left of it in the status bar', async ({
  studio,
}) => {
  const { page } = studio;
  await withPictures(page, studio.profile, 24);
  await desk.saved(page);
  const panel = await describe(page);
  await panel.getByRole('button', { name: /^Pause: / }).click();
  await expect(panel.getByRole('article')).toContainText('Paused');
  await studio.killAndRestart();
  const again = studio.page;
  await again.getByRole('button', { name: /Album/ }).first().click();
  await again.getByRole('button', { name: /^Open the activity panel: 1 job/ }).click({ timeout: 30_000 });
  const restored = again.getByRole('dialog', { name: 'Activity' });
  await restored.getByRole('button', { name: /^Go on: / }).click();
  await expect(restored.getByRole('button', { name: 'Review 24 proposals' })).toBeVisible({
    timeout: 60_000,
  });
});
