import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

/** The text without its breaks and spaces. */
const words = (text: string): string => text.replaceAll(/\s+/g, '');

test('a model writes on beside the text, and only accepting changes the text', async ({ studio }) => {
  const { page } = studio;
  await desk.openSample(page);
  await desk.outlineItem(page, 'The Third Hand').click();
  await expect(page.getByLabel('Title of the scene')).toHaveValue('The Third Hand');
  await expect(desk.text(page)).toContainText(/\w+/);
  const before = await desk.wholeText(page);

  await desk.text(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Control+Enter');
  const proposal = page.getByLabel('Suggested text, may be changed before it is accepted');
  await expect(proposal).toBeVisible({ timeout: 60_000 });
  const suggested = await proposal.inputValue();
  expect(suggested.split(' ').length).toBeGreaterThan(10);
  expect(await desk.wholeText(page)).toBe(before);

  await page.getByRole('button', { name: 'What was sent' }).click();
  await expect(page.getByRole('dialog')).toContainText('stories15m');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  // Accepting makes paragraphs of the model's lines, so the words are compared and not the breaks.
  await expect.poll(async () => words(await desk.wholeText(page))).toBe(words(`${before}${suggested}`));

  await desk.text(page).click();
  await page.keyboard.press('Control+z');
  await expect.poll(() => desk.wholeText(page)).toBe(before);
});

test('how long and how lively a suggestion may be is set in numbers', async ({ studio }) => {
  const { page } = studio;
  await desk.openSample(page);
  await desk.tab(page, 'Assistant').click();
  await page.getByRole('button', { name: 'Length, temperature, seed' }).click();
  for (const [label, value] of [
    ['Length at most, in tokens', '48'],
    ['Temperature', '0.5'],
  ] as const) {
    const field = page.getByRole('textbox', { name: label });
    await field.fill(value);
    await page.keyboard.press('Tab');
    await expect(field).toHaveValue(value);
    await field.press('ArrowUp');
    await expect(field).not.toHaveValue(value);
  }
});

test('a Chinese scene is written in Chinese', async ({ studio }) => {
  const { page } = studio;
  await desk.createStory(page, '水晶洞', '中文');
  await desk.addScene(page);
  await desk.type(page, '小女孩走进森林，看见了一块会发光的水晶。');
  await page.keyboard.press('Control+Enter');
  const proposal = page.getByLabel('Suggested text, may be changed before it is accepted');
  await expect(proposal).toBeVisible({ timeout: 90_000 });
  expect(await proposal.inputValue()).toMatch(/[\u4e00-\u9fff]{10}/);
});

test('pictures are ranked for a scene, with the words that matched', async ({ studio }) => {
  const { page } = studio;
  await desk.openSample(page);
  await page.getByRole('button', { name: 'Find pictures for this scene' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Find pictures' }).click();
  await expect(dialog.getByText(/^Matched/).first()).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByText(/Compared by/)).toBeVisible();
});

test('asking about a picture says plainly what is missing', async ({ studio }) => {
  const { page } = studio;
  await desk.openSample(page);
  await desk.tab(page, 'Pictures').click();
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your question').fill('What magical elements are visible in this scene?');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(dialog.getByText(/blip2-opt-2\.7b/).first()).toBeVisible();
});
