import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

async function openCheck(page: Page) {
  await page.getByRole('button', { name: 'The Crystal Guardian', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Check consistency' }).click();
  return page.getByRole('dialog', { name: 'Consistency' });
}

test('a contradiction is found, shown in its place, fixed in one step of undo, and ignored for good', async ({
  studio,
}) => {
  const { page } = studio;
  await desk.openSample(page);
  await desk.type(page, '\n\nElara pushed back her red hair and listened.');
  const before = await desk.wholeText(page);

  let dialog = await openCheck(page);
  await expect(dialog.getByText(/No model that can look at pictures is installed/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  const finding = dialog.getByRole('listitem').filter({ hasText: 'Elara: hair colour' });
  await expect(finding).toHaveCount(1);
  await expect(finding.getByText('Elara pushed back her red hair and listened.')).toBeVisible();

  await finding.getByRole('button', { name: /^Show: The Forest/ }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => page.evaluate(() => String(getSelection()))).toBe('red');

  dialog = await openCheck(page);
  await dialog.getByRole('button', { name: /^Fix… Elara: hair colour/ }).click();
  await expect(dialog.getByRole('deletion').first()).toContainText('red');
  await dialog.getByRole('button', { name: 'Accept' }).first().click();
  await expect(dialog.getByText('No contradictions found')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await desk.wholeText(page)).not.toContain('red hair');
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  expect(await desk.wholeText(page)).toBe(before);

  dialog = await openCheck(page);
  await dialog.getByRole('button', { name: /^Check again/ }).click();
  await dialog.getByRole('button', { name: /^Ignore: Elara: hair colour/ }).click();
  await expect(dialog.getByText('1 decision of yours is heeded')).toBeVisible();
  await dialog.getByRole('button', { name: /^Check again/ }).click();
  await expect(dialog.getByText('No contradictions found')).toBeVisible();
});

test('the look is chosen from the pictures, and what needs a model that is not there is said plainly', async ({
  studio,
}) => {
  const { page } = studio;
  await desk.openSample(page);
  const dialog = await openCheck(page);
  const look = dialog.getByRole('region', { name: 'Look of the pictures' });
  for (const at of [0, 1, 2]) await look.getByRole('group').getByRole('button').nth(at).click();
  await expect(look.getByText(/3 pictures chosen/)).toBeVisible();
  await look.getByRole('button', { name: 'Compare pictures' }).click();
  await expect(look.getByText('No model that compares pictures is installed.')).toBeVisible();
});

for (const theme of ['light', 'dark', 'contrast']) {
  test(`findings and their fixes are accessible in the ${theme} theme`, async ({ studio }) => {
    const { page } = studio;
    await desk.openSample(page);
    await desk.type(page, '\n\nElara pushed back her red hair and listened.');
    await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
    const dialog = await openCheck(page);
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();
    await dialog.getByRole('button', { name: /^Fix…/ }).click();
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`),
    ).toEqual([]);
    if (process.env['STORYLOOM_SHOTS'])
      await page.screenshot({ path: `${process.env['STORYLOOM_SHOTS']}/consistency-${theme}.png` });
  });
}
