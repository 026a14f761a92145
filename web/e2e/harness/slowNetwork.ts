import type { CDPSession, Page } from '@playwright/test';

/** Whether the tests run with a slow network. */
export const onSlowNetwork = process.env['EPKR_LINE'] === 'slow';

/** 400 kbit/s in both directions. */
const slowConditions = { latency: 150, downloadThroughput: 50_000, uploadThroughput: 50_000 };

const slowed = new WeakMap<Page, CDPSession>();

/** Limits the network of a page. */
export async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  slowed.set(page, devtools);
  await devtools.send('Network.emulateNetworkConditions', { offline: false, ...slowConditions });
}

/** Takes the network of a page away, or gives it back. The conditions of slowDown would win over Playwright's setOffline. */
export async function setOffline(page: Page, offline: boolean): Promise<void> {
  const devtools = slowed.get(page);
  if (devtools) await devtools.send('Network.emulateNetworkConditions', { offline, ...slowConditions });
  else await page.context().setOffline(offline);
}
