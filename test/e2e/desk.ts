import { expect, type Locator, type Page } from '@playwright/test';

/** What a writer does, in the interface's English. */
export const desk = {
  async createStory(page: Page, title: string, language: 'English' | '中文' = 'English'): Promise<void> {
    await page.getByRole('button', { name: /New story/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title' }).fill(title);
    if (language !== 'English') {
      await dialog.getByRole('button', { name: /Written in/ }).click();
      await page.getByRole('option', { name: new RegExp(language) }).click();
    }
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByRole('tab', { name: 'Outline' })).toBeVisible();
  },

  async openSample(page: Page): Promise<void> {
    await page
      .getByRole('button', { name: /The Crystal Guardian/ })
      .first()
      .click();
    await expect(desk.text(page)).toBeVisible();
  },

  async addScene(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'New scene' }).first().click();
    await page.keyboard.press('Enter');
    await expect(desk.text(page)).toBeVisible();
  },

  text: (page: Page): Locator => page.locator('.cm-content'),

  /** The scene's CommonMark source, the part that is not drawn included. */
  wholeText: (page: Page): Promise<string> =>
    desk.text(page).evaluate((element) => {
      const tile = (element as unknown as { cmTile: { root: { view: { state: { doc: object } } } } }).cmTile;
      return String(tile.root.view.state.doc);
    }),

  async type(page: Page, text: string): Promise<void> {
    await desk.text(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(text);
  },

  outlineItem: (page: Page, name: string): Locator =>
    page.getByRole('treegrid').getByRole('row', { name: new RegExp(name) }),

  tab: (page: Page, name: string): Locator => page.getByRole('tab', { name }),

  async saved(page: Page): Promise<void> {
    await page.keyboard.press('Control+s');
    await expect(page.getByText(/^Saved/).first()).toBeVisible();
  },
};
