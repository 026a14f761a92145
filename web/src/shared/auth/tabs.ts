/** What the tabs of one browser tell each other: the role has changed, or the person has signed out. */
export type TabNews = 'changed' | 'signed-out';

const name = 'epkr.session';

/** Tells the other tabs at once; without it they would learn it from their next request. */
export function announce(news: TabNews): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(news);
  channel.close();
}

/** Hears what other tabs tell. */
export function onNews(listener: (news: TabNews) => void): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => listener(data as TabNews);
  return () => channel.close();
}

/**
 * Empties the page, so that nothing of the person stays in what the browser keeps of it, and leads on. The browser may show a page that it kept when
 * somebody goes back: such a page reads itself anew.
 */
export function leaveEmpty(address: string): void {
  document.title = '';
  document.body.replaceChildren();
  window.history.replaceState(null, '', '/');
  window.location.replace(address);
}

/** A page that the browser kept and shows again hides what stood on it, and is read anew. */
export function readAnewWhenShownAgain(): void {
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    document.body.replaceChildren();
    window.location.reload();
  });
}
