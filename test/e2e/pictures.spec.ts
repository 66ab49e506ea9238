import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { picture, pngBomb } from '../support/pictures.ts';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

async function makePictures(folder: string, count: number): Promise<string[]> {
  const paths: string[] = [];
  for (let index = 0; index < count; index++) {
    const background = { r: (index * 37) % 256, g: (index * 91) % 256, b: (index * 53) % 256 };
    const path = join(folder, `picture ${String(index)}.jpg`);
    await sharp({ create: { width: 640, height: 480, channels: 3, background } })
      .jpeg()
      .toFile(path);
    paths.push(path);
  }
  return paths;
}

async function pick(page: Page, paths: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add pictures' }).first().click();
  await (await chooser).setFiles([...paths]);
}

test('fifty pictures are taken in at once', async ({ studio }) => {
  const { page } = studio;
  await desk.createStory(page, 'Album');
  await desk.tab(page, 'Pictures').click();
  await pick(page, await makePictures(studio.profile, 50));
  await expect(page.getByText('50 pictures added.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('img').first()).toBeVisible();
});

test('files that are no pictures are named with their reason, the others are taken in', async ({
  studio,
}) => {
  const { page } = studio;
  const file = (name: string) => join(studio.profile, name);
  await writeFile(file('empty.png'), '');
  await writeFile(file('letter.jpg'), 'Dear reader');
  await writeFile(file('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(file('huge.png'), pngBomb(20_000, 15_000));
  const whole = await picture(400, 300).jpeg().toBuffer();
  await writeFile(file('half.jpg'), whole.subarray(0, whole.length / 2));
  await picture(40, 30).toColourspace('cmyk').jpeg().toFile(file('print.jpg'));
  await picture(40, 30).withMetadata({ orientation: 6 }).jpeg().toFile(file('turned.jpg'));

  await desk.createStory(page, 'Box');
  await desk.tab(page, 'Pictures').click();
  const names = ['empty.png', 'letter.jpg', 'drawing.svg', 'huge.png', 'half.jpg', 'print.jpg', 'turned.jpg'];
  await pick(page, names.map(file));
  await expect(page.getByText('5 files could not be added')).toBeVisible({ timeout: 60_000 });
  for (const name of names.slice(0, 5)) await expect(page.getByText(name).first()).toBeVisible();
  await expect(page.getByText(/too large/).first()).toBeVisible();
});

test('pictures dropped on the text become figures in one step of undo', async ({ studio }) => {
  const { page } = studio;
  const [path] = await makePictures(studio.profile, 1);
  const bytes = await sharp(path as string).toBuffer();
  await desk.createStory(page, 'Drop');
  await desk.addScene(page);
  await desk.type(page, 'Before the storm.');
  const before = await desk.wholeText(page);
  const transfer = await page.evaluateHandle(
    ([base64]) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64 as string), (char) => char.charCodeAt(0));
      for (const name of ['one.jpg', 'two.jpg']) {
        data.items.add(new File([name === 'one.jpg' ? bytes : bytes.slice()], name, { type: 'image/jpeg' }));
      }
      return data;
    },
    [bytes.toString('base64')],
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await desk.text(page).dispatchEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true });
  }
  await expect(page.locator('.cm-content img').first()).toBeVisible({ timeout: 30_000 });
  expect(await desk.wholeText(page)).toContain('../images/');
  await desk.text(page).getByText('Before the storm.').click();
  await page.keyboard.press('Control+z');
  await expect.poll(() => desk.wholeText(page)).toBe(before);
});
