import type { Page } from '@playwright/test';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

async function openPlan(page: Page) {
  await page.locator('header h1').getByRole('button').click();
  await page.getByRole('menuitem', { name: /Write a whole story/ }).click();
  return page.getByRole('dialog', { name: 'A whole story' });
}

test('a whole story is proposed, stopped, changed, gone on with and put into the story; one undo takes it out', async ({
  studio: { page },
}) => {
  await desk.createStory(page, '水晶', '中文');
  const dialog = await openPlan(page);
  await dialog.getByRole('textbox', { name: 'What is it about?' }).fill('艾拉在森林里找到一颗会说话的水晶。');
  await dialog.getByRole('textbox', { name: /^Title/ }).fill('森林里的水晶');
  await dialog.getByRole('textbox', { name: 'Scenes' }).fill('2');
  await dialog.getByRole('textbox', { name: 'Scenes' }).press('Tab');
  await dialog.getByRole('button', { name: 'Begin' }).click();

  // The characters are the writer's; the small model plans the scenes.
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByRole('button', { name: 'Add a character' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).last().fill('老树根');
  const people = dialog.getByRole('region', { name: 'Characters' });
  const mine = people.getByRole('button', { name: 'I have done it myself' });
  if (await mine.isVisible()) await mine.click();
  await dialog.getByRole('button', { name: 'Go on' }).click();

  // As soon as a scene is being written it is stopped; what has come stays.
  const live = dialog.locator('[aria-busy="true"]', { hasText: /\p{Script=Han}{6}/u });
  await expect(dialog.getByText(/\d of \d written/)).toBeVisible({ timeout: 60_000 });
  await expect(live).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByRole('button', { name: 'Go on' })).toBeVisible();
  const text = dialog.getByRole('textbox', { name: /^Text of/ }).first();
  await expect(text).not.toHaveValue('');

  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByText(/Everything is written/)).toBeVisible({ timeout: 90_000 });

  await dialog.getByRole('button', { name: 'Put into the story' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('header h1').getByRole('button')).toContainText('森林里的水晶');
  await expect(desk.text(page)).toContainText(/\p{Script=Han}{6}/u);
  await desk.tab(page, 'Characters').click();
  await expect(page.getByText('老树根').first()).toBeVisible();
  await desk.saved(page);

  await page.getByRole('button', { name: /^Undo: Whole story/ }).click();
  await expect(page.locator('header h1').getByRole('button')).toContainText('水晶');
  await expect(page.getByText('老树根')).toHaveCount(0);
});

test('where no model plans in the language, that is said, and the writer’s own plan is written', async ({
  studio: { page },
}) => {
  await desk.createStory(page, 'The Cave');
  const dialog = await openPlan(page);
  await dialog.getByRole('textbox', { name: 'What is it about?' }).fill('Elara finds a crystal.');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await expect(dialog.getByText(/No installed model can plan/)).toBeVisible();
  for (let stage = 0; stage < 3; stage++) {
    await dialog.getByRole('button', { name: 'I have done it myself' }).first().click();
  }
  await dialog.getByRole('button', { name: 'Add a scene' }).click();
  await dialog.getByRole('textbox', { name: 'What happens' }).fill('Elara goes down into a dark cave.');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByText(/Everything is written/)).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByRole('textbox', { name: /^Text of/ })).toHaveValue(/\w+ \w+ \w+/);
});
