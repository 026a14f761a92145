import {
  test as base,
  expect,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  type Page,
} from '@playwright/test';
import { goIn, passESIA, type Cabinet } from './people';
import { onSlowLine } from './slowLine';
import { translate } from './translator';

export { expect };

interface Options {
  /** What a test provokes on purpose: messages of the console that are no faults. */
  tolerated: RegExp[];
  /** Whether the browser translates what it shows. */
  translated: boolean;
  /** Whether it is at the end of a slow line. */
  slow: boolean;
}

interface Fixtures {
  /** A browser of somebody's own, with nobody signed in. Whatever its console complains of fails the test. */
  visit: (options?: BrowserContextOptions) => Promise<Page>;
  /** The same with a person of the cast signed in; it shows his profile or settings. */
  enter: (login: string, cabinet?: Cabinet, options?: BrowserContextOptions) => Promise<Page>;
}

export const test = base.extend<Options & Fixtures>({
  tolerated: [[], { option: true }],
  translated: [process.env['EPKR_TRANSLATED'] === '1', { option: true }],
  slow: [onSlowLine, { option: true }],

  visit: async ({ browser, tolerated, translated, slow }, use) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      if (translated) await context.addInitScript(translate);
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(textOf(message));
      });
      context.on('weberror', (fault) => complaints.push(String(fault.error())));
      const page = await context.newPage();
      if (slow) await slowDown(page);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(
      complaints.filter((text) => !tolerated.some((one) => one.test(text))),
      'the console is without errors',
    ).toEqual([]);
  },

  enter: async ({ visit }, use) => {
    await use(async (login, cabinet, options) => {
      const page = await visit(options);
      await passESIA(page, login);
      await goIn(page, cabinet);
      return page;
    });
  },
});

const textOf = (message: ConsoleMessage) => `${message.text()} (${message.location().url})`;

/** The line of a village: 400 kbit/s both ways. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
}
