import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { desk } from './desk.ts';
import { expect, test } from './fixtures.ts';

/** Violations of WCAG 2.2 A and AA on what is on the screen now. */
async function violations(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}

for (const theme of ['light', 'dark', 'contrast']) {
  test(`the start screen and the desk are accessible in the ${theme} theme`, async ({ studio }) => {
    const { page } = studio;
    const wear = () =>
      page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
    await expect(page.getByRole('button', { name: /New story/ })).toBeVisible();
    await wear();
    expect(await violations(page)).toEqual([]);
    await desk.openSample(page);
    await wear();
    expect(await violations(page)).toEqual([]);
    for (const tab of ['Characters', 'Pictures', 'Trash', 'Assistant']) {
      await desk.tab(page, tab).click();
      expect(await violations(page), tab).toEqual([]);
    }
  });
}
