import type { Page, Route } from '@playwright/test';

/** Requests of a page that are paused until the test releases them. */
export interface PausedRequests {
  /** Resolves when the first request is paused. */
  reached: Promise<void>;
  /** Releases the paused requests and all later ones. */
  release: () => Promise<void>;
}

/** Pauses the requests of a page with this method to matching addresses. */
export async function pauseRequests(
  page: Page,
  method: string,
  matches: (url: URL) => boolean,
): Promise<PausedRequests> {
  const reached = deferred();
  const released = deferred();
  const handler = async (route: Route) => {
    if (route.request().method() === method) {
      reached.resolve();
      await released.promise;
    }
    await route.fallback().catch(() => undefined); // the page may have cancelled it meanwhile
  };
  await page.route(matches, handler);
  return {
    reached: reached.promise,
    release: async () => {
      released.resolve();
      await page.unroute(matches, handler);
    },
  };
}

/** Matches an action on an order. */
export const isAction = (kind: string) => (url: URL) => url.pathname.endsWith(`/${kind}`);

/** Matches the request of an order's card. */
export const isCardRead = ({ pathname }: URL) => /^\/api\/orders\/[^/]+$/.test(pathname);

/** Matches the upload of a part of a file. */
export const isPartUpload = (url: URL) => url.searchParams.has('partNumber');

function deferred() {
  let resolve = () => undefined as void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
