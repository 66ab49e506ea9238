import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { fixtureFolder } from '../support/parity.ts';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

const purpose = async (page: Page, name: RegExp) => {
  await page.getByRole('button', { name: /What for/ }).click();
  await page.getByRole('option', { name }).click();
};
const card = (page: Page) => page.getByRole('region', { name: 'Suggestion' });

test('a scene is summarised and a passage rewritten, each change seen before it counts and undone in one step', async ({
  studio: { page },
}) => {
  await desk.createStory(page, '水晶', '中文');
  await desk.addScene(page);
  await desk.type(page, '艾拉走进山洞。她看见一颗蓝色的水晶在发光。水晶对她说：“请带我回家。”');
  await desk.tab(page, 'Assistant').click();

  await purpose(page, /Summarise/);
  await page.getByRole('button', { name: 'Summarise', exact: true }).click();
  await card(page).getByRole('button', { name: 'Accept', exact: true }).click({ timeout: 60_000 });
  await desk.tab(page, 'Scene').click();
  await expect(page.getByRole('textbox', { name: 'Summary' }).first()).toHaveValue(/\p{Script=Han}{4}/u);

  await desk.tab(page, 'Assistant').click();
  await purpose(page, /Rewrite/);
  await desk.text(page).click();
  await page.getByRole('button', { name: 'Rewrite', exact: true }).click();
  const changes = card(page).getByRole('region', { name: /Changes, word by word/ });
  await expect(changes).toBeVisible({ timeout: 60_000 });
  await expect(changes.locator('ins, del').first()).toBeVisible();
  const before = await desk.wholeText(page);
  await card(page).getByRole('button', { name: 'Accept', exact: true }).click();
  await expect.poll(() => desk.wholeText(page)).not.toBe(before);
  await page.getByRole('button', { name: /^Undo: Accepted suggestion/ }).click();
  await expect.poll(() => desk.wholeText(page)).toBe(before);
  await desk.saved(page);
});

test('characters are proposed to choose from; a template of the story can be changed and put back', async ({
  studio: { page },
}) => {
  await desk.createStory(page, '水晶', '中文');
  await page.locator('header h1').getByRole('button').click();
  await page.getByRole('menuitem', { name: /Story details/ }).click();
  await page.getByRole('button', { name: /Prompt templates/ }).click();
  const templates = page.getByRole('dialog', { name: 'Prompt templates' });
  await templates.getByRole('option', { name: /^Characters/ }).click();
  const text = templates.getByRole('textbox', { name: 'Template' });
  const builtIn = await text.inputValue();
  expect(builtIn).toContain('{characters}');
  await text.fill('写两个人物。每行写成“姓名：身份”。\n\n{instruction} {mood}');
  await expect(templates.getByText(/Unknown words stay as they are: \{mood\}/)).toBeVisible();
  await expect(templates.getByText(/will not be told: .*The characters/)).toBeVisible();
  await templates.getByRole('button', { name: /Back to the built-in text/ }).click();
  await expect(text).toHaveValue(builtIn);
  await page.keyboard.press('Escape');

  await desk.tab(page, 'Characters').click();
  await page.getByRole('button', { name: /Propose characters/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Characters for the story' });
  await dialog.getByRole('textbox', { name: /What do you want/ }).fill('艾拉是一位年轻的女巫，住在森林里。');
  const add = dialog.getByRole('button', { name: /^Add [1-9]/ });
  // A very small model does not always answer in the form that was asked for.
  await expect(async () => {
    if (await dialog.getByRole('button', { name: 'Stop' }).isHidden()) {
      await dialog.getByRole('button', { name: /^Propose/ }).click();
    }
    await expect(add).toBeEnabled({ timeout: 12_000 });
  }).toPass({ timeout: 90_000 });
  await add.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: /^Undo: Proposed characters/ })).toBeVisible();
  await desk.saved(page);
});

test.describe('with a model that sees', () => {
  test.use({
    prepared: async ({}, use) => {
      const models = await mkdtemp(join(tmpdir(), 'storyloom-seeing-'));
      await cp(fixtureFolder('llava'), join(models, 'tiny-llava'), { recursive: true });
      await use({ env: { STORYLOOM_MODELS: models } });
    },
  });

  test('a picture is talked about over several turns', async ({ studio: { page } }) => {
    await desk.openSample(page);
    await desk.tab(page, 'Pictures').click();
    await page.getByRole('row', { name: /Elara, who/ }).click();
    await page.getByRole('button', { name: /Talk about it/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Talk about a picture' });
    await dialog.getByRole('button', { name: 'Who could live here?' }).click();
    await expect(dialog.getByRole('button', { name: 'Good answer' }).first()).toBeVisible({
      timeout: 60_000,
    });
    await dialog.getByRole('textbox', { name: 'Your question' }).fill('And what then?');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: 'Good answer' })).toHaveCount(2, { timeout: 60_000 });
    await expect(dialog.getByRole('log').getByRole('listitem')).toHaveCount(4);
  });
});
