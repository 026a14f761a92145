import type { Page, Route } from '@playwright/test';

/** Requests of a page that wait until a test lets them go. */
export interface Held {
  /** The first of them is there. */
  reached: Promise<void>;
  /** Lets them go, and whatever follows them. */
  release: () => Promise<void>;
}

/** Holds back what a page sends with a method to the addresses that match. */
export async function hold(page: Page, method: string, matches: (url: URL) => boolean): Promise<Held> {
  const reached = signal();
  const released = signal();
  const handler = async (route: Route) => {
    if (route.request().method() === method) {
      reached.give();
      await released.given;
    }
    await route.fallback().catch(() => undefined); // the page may have given it up meanwhile
  };
  await page.route(matches, handler);
  return {
    reached: reached.given,
    release: async () => {
      released.give();
      await page.unroute(matches, handler);
    },
  };
}

/** An action on an order. */
export const sends = (kind: string) => (url: URL) => url.pathname.endsWith(`/${kind}`);

/** The reading of an order's card. */
export const readsCard = ({ pathname }: URL) => /^\/api\/orders\/[^/]+$/.test(pathname);

/** A part of a file on its way to the storage. */
export const isPart = (url: URL) => url.searchParams.has('partNumber');

function signal() {
  let give = () => undefined as void;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
