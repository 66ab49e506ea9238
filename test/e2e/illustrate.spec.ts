import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

const root = join(import.meta.dirname, '../..');
const shots = process.env['STORYLOOM_SHOTS'];

/** The built-in models, and the tiny CLIP of the parity fixtures: it sees, if badly. */
function modelsThatSee(): string {
  const folder = mkdtempSync(join(tmpdir(), 'storyloom-see-'));
  const builtIn = join(root, '.cache/models/minilm-l6');
  if (existsSync(builtIn)) cpSync(builtIn, join(folder, 'minilm-l6'), { recursive: true });
  cpSync(join(root, 'test/fixtures/parity/clip'), join(folder, 'tiny-clip'), { recursive: true });
  return folder;
}

const models = modelsThatSee();
test.use({ prepared: { env: { STORYLOOM_MODELS: models } } });
test.afterAll(() => rmSync(models, { recursive: true, force: true }));

test('pictures are looked at once, then ranked by looks and texts with the evidence, and found by likeness', async ({
  studio,
}) => {
  const { page } = studio;
  await desk.openSample(page);
  await page.getByRole('button', { name: 'Find pictures for this scene' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Find pictures for this scene' });
  await dialog.getByRole('button', { name: 'Find pictures', exact: true }).click();
  await expect(dialog.getByText(/^Looks like: “/).first()).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByText('Looks compared by storyloom/tiny-clip.')).toBeVisible();
  await expect(dialog.getByText(/^Matched caption/).first()).toBeVisible();
  if (shots) await page.screenshot({ path: `${shots}/illustrate-looks.png` });
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: 'Pictures' }).click();
  await page
    .getByRole('button', { name: /^Options for / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Find pictures like this one' }).click();
  const alike = page.getByRole('dialog', { name: /^Pictures like “/ });
  await expect(alike.getByText(/^Alike /).first()).toBeVisible({ timeout: 60_000 });
  if (shots) await page.screenshot({ path: `${shots}/similar.png` });
});
