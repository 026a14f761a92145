import type { Channel, FeedPorts, Source } from './feed';

/** The real browser. Locks are there only on pages with TLS and on localhost. */
export function browserPorts(address: () => string, stands: FeedPorts['stands']): FeedPorts {
  const locks = navigator.locks as LockManager | undefined;
  return {
    lead: locks && ((name, how, work) => locks.request(name, how, work)),
    channel: (name) => new BroadcastChannel(name) as Channel,
    open: () => new EventSource(address()) as unknown as Source,
    stands,
    later: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
