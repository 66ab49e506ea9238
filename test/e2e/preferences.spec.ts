import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

/** Tiny models that see. */
const models = mkdtempSync(join(tmpdir(), 'storyloom-see-'));
for (const name of ['blip2-opt', 'llava']) {
  cpSync(join(import.meta.dirname, '../fixtures/parity', name), join(models, `tiny-${name}`), {
    recursive: true,
  });
}
test.use({ prepared: { env: { STORYLOOM_MODELS: models } } });

const describeAs = async (page: Page, way: string) => {
  const picture = page.getByRole('dialog', { name: /^Picture:/ });
  await picture.getByRole('button', { name: 'Describe', exact: true }).click();
  await page.getByRole('menuitem', { name: way }).click();
};

const violations = async (page: Page) => {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode()
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
};

test('an answer says why its model was asked; a thumb is kept, and a slider stands above it', async ({
  studio,
}) => {
  const { page } = studio;
  await desk.openSample(page);
  await desk.tab(page, 'Pictures').click();
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await describeAs(page, 'In detail');
  await expect(page.getByText(/tiny-blip2-opt: good at descriptions/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Good answer' }).click();

  await describeAs(page, 'With every model that sees');
  await expect(page.getByText(/^(?:One alone says|They agree|They disagree)/).first()).toBeVisible({
    timeout: 60_000,
  });
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  const open = async () => {
    await desk.tab(page, 'Assistant').click();
    await page.getByRole('button', { name: 'Preferences of models…' }).click();
    await page.getByRole('button', { name: /Writing on/ }).click();
    await page.getByRole('option', { name: 'Descriptions of pictures' }).click();
  };
  await open();
  const row = page.getByRole('listitem').filter({ hasText: 'tiny-blip2-opt' });
  await expect(row).toContainText('1 for, 0 against');
  const slider = page.getByRole('slider', { name: /tiny-llava/ });
  await slider.focus();
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('listitem').filter({ hasText: 'tiny-llava' })).toContainText('set by hand');
  expect(await violations(page)).toEqual([]);

  await studio.restart();
  const again = studio.page;
  await desk.openSample(again);
  await desk.tab(again, 'Pictures').click();
  await again
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await describeAs(again, 'In detail');
  await expect(again.getByText(/tiny-llava: your setting/)).toBeVisible({ timeout: 60_000 });
});
