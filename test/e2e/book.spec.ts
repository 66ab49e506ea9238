import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

test('a story becomes a markdown book whose links all lead somewhere', async ({ studio }) => {
  const { page } = studio;
  await desk.openSample(page);
  await page.getByRole('button', { name: 'The Crystal Guardian', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Make a book' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the book' }).click();
  await expect(dialog.getByText('The book is ready')).toBeVisible();

  const files = await readdir(studio.stories, { recursive: true });
  const summary = files.find((file) => file.endsWith('SUMMARY.md'));
  const source = dirname(join(studio.stories, summary as string));
  const chapters = files.filter(
    (file) => file.endsWith('.md') && join(studio.stories, file).startsWith(source),
  );
  expect(chapters.length).toBeGreaterThan(7);
  let links = 0;
  for (const chapter of chapters) {
    const path = join(studio.stories, chapter);
    const text = await readFile(path, 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      if (!target || /^(https?|mailto):/.test(target)) continue;
      links++;
      expect(existsSync(normalize(join(dirname(path), decodeURI(target)))), `${chapter} → ${target}`).toBe(
        true,
      );
    }
  }
  expect(links).toBeGreaterThan(10);
});
