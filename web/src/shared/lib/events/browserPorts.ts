import type { Channel, FeedPorts, Source } from './feed';

/**
 * Implements the ports with the browser's APIs. Locks exist only on pages with TLS and on
 * localhost.
 */
export function browserPorts(address: () => string, isSessionValid: FeedPorts['isSessionValid']): FeedPorts {
  const locks = navigator.locks as LockManager | undefined;
  return {
    lead: locks && ((name, how, work) => locks.request(name, how, work)),
    channel: (name) => new BroadcastChannel(name) as Channel,
    open: () => new EventSource(address()) as unknown as Source,
    isSessionValid,
    schedule: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
