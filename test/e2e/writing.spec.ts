import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

async function files(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = names.filter((entry) => entry.isFile() && !entry.parentPath.includes('.storyloom'));
  const paths = plain.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'latin1')] as const)),
  );
}

test('a story is made, written, saved, and found again', async ({ studio }) => {
  await desk.createStory(studio.page, 'The Harbour');
  await desk.addScene(studio.page);
  await desk.type(studio.page, 'The tide was out. 潮水退了。');
  await expect(studio.page.getByText('Scene: 8 words')).toBeVisible();
  await desk.saved(studio.page);

  const scenes = await files(join(studio.stories, 'The Harbour', 'scenes'));
  expect([...scenes.values()].map((text) => Buffer.from(text, 'latin1').toString()).join()).toContain(
    'The tide was out. 潮水退了。',
  );

  await studio.restart();
  await studio.page
    .getByRole('button', { name: /The Harbour/ })
    .first()
    .click();
  await expect(desk.text(studio.page)).toContainText('The tide was out. 潮水退了。');
});

test('opening and closing a story changes no byte of it', async ({ studio }) => {
  await desk.openSample(studio.page);
  const [name] = await readdir(studio.stories);
  const folder = join(studio.stories, name as string);
  const before = await files(folder);
  for (const title of ['Old Root', 'The Way Down', 'The Third Hand']) {
    await desk.outlineItem(studio.page, title).click();
    await expect(studio.page.getByLabel('Title of the scene')).toHaveValue(title);
  }
  await desk.saved(studio.page);
  await studio.restart();
  expect(await files(folder)).toEqual(before);
});

test('one undo stack covers text, structure, characters and details', async ({ studio }) => {
  const { page } = studio;
  await desk.createStory(page, 'Second Thoughts');
  await desk.addScene(page);
  await desk.type(page, 'First words.');
  await desk.tab(page, 'Characters').click();
  await page.getByRole('button', { name: 'New character' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Elara');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('row', { name: /Elara/ })).toBeVisible();
  const undo = page.getByRole('button', { name: /^Undo/ });
  for (let step = 0; step < 10 && (await undo.isEnabled()); step++) await undo.click();
  await expect(page.getByRole('row', { name: /Elara/ })).toHaveCount(0);
  await desk.tab(page, 'Outline').click();
  await expect(page.getByText('A blank outline')).toBeVisible();
  const redo = page.getByRole('button', { name: /^Redo/ });
  for (let step = 0; step < 10 && (await redo.isEnabled()); step++) await redo.click();
  await desk.outlineItem(page, 'Untitled').click();
  await expect(desk.text(page)).toContainText('First words.');
  await desk.tab(page, 'Characters').click();
  await expect(page.getByRole('row', { name: /Elara/ })).toBeVisible();
});

test('words typed before a sudden end come back', async ({ studio }) => {
  const { page } = studio;
  await desk.createStory(page, 'Storm');
  await desk.addScene(page);
  await desk.type(page, 'The lamp went out and nobody');
  await page.waitForTimeout(1000);
  await studio.killAndRestart();
  await studio.page.getByRole('button', { name: /Storm/ }).first().click();
  await expect(desk.text(studio.page)).toContainText('The lamp went out and nobody');
});
