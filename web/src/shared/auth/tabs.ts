/**
 * A message between the tabs of one browser: the role has changed, or the person has signed out.
 */
export type TabMessage = 'changed' | 'signed-out';

const name = 'epkr.session';

/**
 * Sends a message to the other tabs. Without it they would notice the change only at their next
 * request.
 */
export function broadcast(message: TabMessage): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(message);
  channel.close();
}

/** Subscribes to the messages of the other tabs; returns the function that unsubscribes. */
export function onTabMessage(listener: (message: TabMessage) => void): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => listener(data as TabMessage);
  return () => channel.close();
}

/**
 * Clears the page and navigates away, so that the back/forward cache keeps no personal data. When a
 * user goes back, the browser may show the cached page: reloadWhenRestored then reloads it.
 */
export function clearAndLeave(address: string): void {
  document.title = '';
  document.body.replaceChildren();
  window.history.replaceState(null, '', '/');
  window.location.replace(address);
}

/** Hides and reloads a page that the browser restores from its back/forward cache. */
export function reloadWhenRestored(): void {
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    document.body.replaceChildren();
    window.location.reload();
  });
}
