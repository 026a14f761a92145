import type { Page } from '@playwright/test';

/**
 * The measurements that installMeasurement() stores in a page, in ms since the start of the
 * navigation.
 */
interface Measurements {
  /** When the content appeared; 0 before. */
  content: number;
  /** When the last task that blocked the page for 50 ms or more ended. */
  busyUntil: number;
}

declare global {
  interface Window {
    measurements: Measurements;
  }
}

/**
 * Makes every page opened later measure when its content, given by a selector, appears, and its
 * long tasks.
 */
export async function installMeasurement(page: Page, content: string): Promise<void> {
  await page.addInitScript((selector) => {
    const measurements = (window.measurements = { content: 0, busyUntil: 0 });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries())
        measurements.busyUntil = Math.max(measurements.busyUntil, task.startTime + task.duration);
    }).observe({ type: 'longtask', buffered: true });
    const appearance = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      appearance.disconnect();
      requestAnimationFrame(() => (measurements.content = performance.now()));
    });
    appearance.observe(document, { childList: true, subtree: true });
  }, content);
}

/** The time without long tasks after which a page counts as usable, in ms. */
const quietPeriod = 1000;

/**
 * Returns the time until the content has appeared and the last long task before a quiet second has
 * ended, in ms since the start of the navigation.
 */
export async function timeToInteractive(page: Page): Promise<number> {
  const times = await page.waitForFunction((span) => {
    const { content, busyUntil } = window.measurements;
    const time = Math.max(content, busyUntil);
    return content > 0 && performance.now() - time > span && time;
  }, quietPeriod);
  return Number(await times.jsonValue());
}
