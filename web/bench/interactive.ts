import type { Page } from '@playwright/test';

/** What [watch] leaves in a page, in ms since the navigation began. */
interface Watched {
  /** When the content was there; 0 before. */
  content: number;
  /** When the last task that held the page up for 50 ms or more ended. */
  busyUntil: number;
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** Lets every page that opens from now on watch for its content, by selector, and for tasks that hold it up. */
export async function watch(page: Page, content: string): Promise<void> {
  await page.addInitScript((selector) => {
    const watched = (window.watched = { content: 0, busyUntil: 0 });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries())
        watched.busyUntil = Math.max(watched.busyUntil, task.startTime + task.duration);
    }).observe({ type: 'longtask', buffered: true });
    const appearance = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      appearance.disconnect();
      requestAnimationFrame(() => (watched.content = performance.now()));
    });
    appearance.observe(document, { childList: true, subtree: true });
  }, content);
}

/** How long nothing must hold the page up, in ms. */
const quiet = 1000;

/** The time until the content is there and the last long task before a quiet second has ended, in ms since the navigation began. */
export async function interactive(page: Page): Promise<number> {
  const times = await page.waitForFunction((span) => {
    const { content, busyUntil } = window.watched;
    const time = Math.max(content, busyUntil);
    return content > 0 && performance.now() - time > span && time;
  }, quiet);
  return Number(await times.jsonValue());
}
