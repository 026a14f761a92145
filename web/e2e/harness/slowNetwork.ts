import type { CDPSession, Page } from '@playwright/test';

/** Whether the tests run with a slow network. */
export const onSlowNetwork = process.env['EPKR_LINE'] === 'slow';

/** Bytes per second in each direction, 400 kbit/s if slow, and the latency in milliseconds. */
const conditions = onSlowNetwork
  ? { latency: 150, downloadThroughput: 50_000, uploadThroughput: 50_000 }
  : { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

const sessions = new WeakMap<Page, CDPSession>();

/** Limits the network of a page. */
export const slowDown = (page: Page) => setOffline(page, false);

/**
 * Takes the network of a page away, or gives it back. Playwright's setOffline waits for every tab
 * of the context, also for a frozen one, and does not keep a limit.
 */
export async function setOffline(page: Page, offline: boolean): Promise<void> {
  const devtools = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, devtools);
  await devtools.send('Network.emulateNetworkConditions', { offline, ...conditions });
}
