import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { join } from 'node:path';

/** The widths of the narrowest supported phone and of a desktop. */
const widths = [360, 1280];

/** The folder for screenshots; without it none are taken. */
const screens = process.env['EPKR_SCREENS'];

/**
 * Checks the page at both widths: no horizontal overflow, Russian names of images, and WCAG 2.1 AA.
 * Saves a screenshot of each width under the name.
 */
export async function inspect(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
    await waitUntilStable(page);
    await expect.poll(() => overflow(page), { message: `${name}: nothing is wider than ${width} px` }).toEqual([]);
    await expect(page.getByRole('img', { name: /[a-z]/i }), `${name}: no picture is called in English`).toHaveCount(0);
    // The pages have no frames of other origins, for which axe would need a page of its own.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(
      violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
      ),
      `${name} at ${width} px is clean to axe`,
    ).toEqual([]);
    if (screens) await page.screenshot({ path: join(screens, `${name}-${width}.png`), animations: 'disabled' });
  }
  if (before) await page.setViewportSize(before);
}

/** Waits until everything is loaded and no animation is running. */
async function waitUntilStable(page: Page): Promise<void> {
  await expect(page.getByRole('status', { name: /^Загрузка/ })).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Returns the elements beyond the right edge of the window, if the page can be scrolled there. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((one) => one.getBoundingClientRect().right > clientWidth)
      .map((one) => one.outerHTML.slice(0, 120));
  });
}
