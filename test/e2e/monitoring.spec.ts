import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

const shots = process.env['STORYLOOM_SHOTS'];
const shot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
};

/** Ranks the pictures of the sample's first scene once, so that there is something to tell. */
async function findPictures(page: Page) {
  await page.getByRole('button', { name: 'Find pictures for this scene' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Find pictures for this scene' });
  await dialog.getByRole('button', { name: 'Find pictures', exact: true }).click();
  await expect(dialog.getByRole('listitem').first()).toBeVisible({ timeout: 60_000 });
  return dialog;
}

async function openMonitoring(page: Page) {
  await page.keyboard.press('ControlOrMeta+,');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Models', exact: true }).first().click();
  await page.getByRole('dialog', { name: 'Models' }).getByRole('button', { name: 'Monitoring…' }).click();
  return page.getByRole('dialog', { name: 'What the models take' });
}

test('what a model took is shown with plots, and written into a file that tells nothing of the story', async ({
  studio,
}) => {
  const { page } = studio;
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await desk.openSample(page);
  const found = await findPictures(page);
  await shot(page, 'illustrate-en');
  await expect(found.getByText(/above chance/).first()).toBeVisible();
  await page.keyboard.press('Escape');

  const dialog = await openMonitoring(page);
  await expect(dialog.getByRole('table')).toContainText('Finding pictures');
  await expect(dialog.getByRole('img', { name: /^Time of an answer/ }).locator('canvas')).toBeVisible();
  await shot(page, 'monitoring-en');
  await dialog.getByRole('button', { name: 'Write a file for a bug report' }).click();
  const written = dialog.getByText(/^Written to /);
  await expect(written).toBeVisible();
  const path = /Written to (.*\.json)/.exec((await written.textContent()) ?? '')?.[1] ?? '';
  const report = readFileSync(path, 'utf8');
  expect(JSON.parse(report)).toMatchObject({ figures: { summary: { range: 'month' } } });
  for (const word of ['Elara', 'Crystal Guardian', 'forest', process.env['HOME'] ?? 'no home'])
    expect(report).not.toContain(word);
  // The pages' rules for scripts and styles hold for the plots too.
  expect(errors.filter((text) => /Content Security Policy|TrustedHTML/i.test(text))).toEqual([]);
});

for (const theme of ['light', 'dark']) {
  test(`the page of figures is accessible in the ${theme} theme`, async ({ studio }) => {
    const { page } = studio;
    await desk.openSample(page);
    await findPictures(page);
    await page.keyboard.press('Escape');
    await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
    const dialog = await openMonitoring(page);
    await expect(dialog.getByRole('table')).toBeVisible();
    await shot(page, `monitoring-${theme}`);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`),
    ).toEqual([]);
  });
}

test.describe('in Chinese', () => {
  test.use({ prepared: { settings: { uiLanguage: 'zh' } } });
  test('figures and pictures that are alike have their words', async ({ studio }) => {
    const { page } = studio;
    await page.getByRole('button', { name: '模型', exact: true }).first().click();
    await page.getByRole('dialog', { name: '模型' }).getByRole('button', { name: '运行监控…' }).click();
    const dialog = page.getByRole('dialog', { name: '模型的开销' });
    await expect(dialog.getByText('记住的回答')).toBeVisible();
    await shot(page, 'monitoring-zh');
  });
});
