import {
  test as base,
  expect,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  type Page,
} from '@playwright/test';
import { completeEntry, signInAtEsia, type Cabinet } from './people';
import { onSlowNetwork, slowDown } from './slowNetwork';
import { translate } from './translator';

export { expect };

interface Options {
  /** Console messages that the test provokes deliberately. */
  tolerated: RegExp[];
  /** Whether the browser translates the page. */
  translated: boolean;
  /** Whether the network is slow. */
  slow: boolean;
  /**
   * Whether every user works in a second tab while his first, which leads the event stream, is
   * frozen. A test that sets the clock of its tabs cannot: the frozen one would not answer.
   */
  frozen: boolean;
}

interface Fixtures {
  /** Opens a browser context without a session. Unexpected console errors fail the test. */
  visit: (options?: BrowserContextOptions) => Promise<Page>;
  /**
   * Opens a browser context with a signed-in test user; the page shows the profile or the settings.
   */
  enter: (login: string, cabinet?: Cabinet, options?: BrowserContextOptions) => Promise<Page>;
}

export const test = base.extend<Options & Fixtures>({
  tolerated: [[], { option: true }],
  translated: [process.env['EPKR_TRANSLATED'] === '1', { option: true }],
  slow: [onSlowNetwork, { option: true }],
  frozen: [process.env['EPKR_FROZEN'] === '1', { option: true }],

  visit: async ({ browser, tolerated, translated, slow }, use) => {
    const contexts: BrowserContext[] = [];
    const consoleErrors: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      if (translated) await context.addInitScript(translate);
      context.on('console', (message) => {
        if (message.type() === 'error') consoleErrors.push(textOf(message));
      });
      context.on('weberror', (fault) => consoleErrors.push(String(fault.error())));
      const page = await context.newPage();
      if (slow) await slowDown(page);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(
      consoleErrors.filter((text) => !tolerated.some((one) => one.test(text))),
      'the console is without errors',
    ).toEqual([]);
  },

  enter: async ({ visit, frozen }, use) => {
    await use(async (login, cabinet, options) => {
      const page = await visit(options);
      await signInAtEsia(page, login);
      await completeEntry(page, cabinet);
      return frozen ? openBehind(page) : page;
    });
  },
});

/** Freezes a tab by a dialog, and opens a second one in its place. */
async function openBehind(leader: Page): Promise<Page> {
  const dialogOpened = new Promise((resolve) => leader.once('dialog', resolve));
  leader.evaluate(() => window.alert('Вкладка стоит.')).catch(() => undefined); // ends with the context
  await dialogOpened;
  const page = await leader.context().newPage();
  await page.goto(leader.url());
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return page;
}

const textOf = (message: ConsoleMessage) => `${message.text()} (${message.location().url})`;
