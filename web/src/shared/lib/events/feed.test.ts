import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventFeed, type FeedEvent, type FeedPorts, type Source } from './feed';

class FakeSource implements Source {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private listeners = new Map<string, (event: { data: string }) => void>();

  addEventListener(type: string, listener: (event: { data: string }) => void) {
    this.listeners.set(type, listener);
  }
  close() {
    this.readyState = 2;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  send(type: string, data: object) {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }
  fail(refused: boolean) {
    this.readyState = refused ? 2 : 0;
    this.onerror?.();
  }
}

const flushTasks = () => new Promise((resolve) => setImmediate(resolve));

interface LockRequest {
  work: () => Promise<void>;
  done: () => void;
  stolen: (cause: Error) => void;
}

interface Endpoint {
  onmessage: ((event: { data: unknown }) => void) | null;
}

const pingInterval = 5_000;

/** A browser with several tabs: one lock, one channel, and a clock that the test advances. */
class Browser {
  sources: FakeSource[] = [];
  signedIn = true;
  timers: { delay: number; then: () => void }[] = [];
  private queue: LockRequest[] = [];
  private holder: LockRequest | undefined;
  private endpoints: Endpoint[] = [];

  ports(locks = true): FeedPorts {
    return {
      lead: locks
        ? (_, how, work) =>
            new Promise<void>((done, stolen) => {
              const request = { work, done, stolen };
              if ('steal' in how)
                setImmediate(() => this.steal(request)); // another tab may get the lock first
              else {
                this.queue.push(request);
                this.next();
              }
            })
        : undefined,
      channel: () => {
        const endpoint: Endpoint = { onmessage: null };
        this.endpoints.push(endpoint);
        return Object.assign(endpoint, {
          postMessage: (data: unknown) =>
            this.endpoints.filter((other) => other !== endpoint).forEach((other) => other.onmessage?.({ data })),
          close: () => void (this.endpoints = this.endpoints.filter((other) => other !== endpoint)),
        });
      },
      open: () => {
        const source = new FakeSource();
        this.sources.push(source);
        return source;
      },
      isSessionValid: () => Promise.resolve(this.signedIn),
      schedule: (delay, then) => {
        const timer = { delay, then };
        this.timers.push(timer);
        return () => void (this.timers = this.timers.filter((other) => other !== timer));
      },
    };
  }

  private next() {
    if (this.holder) return;
    const first = this.queue.shift();
    if (!first) return;
    this.holder = first;
    void first.work().then(() => {
      if (this.holder === first) this.holder = undefined;
      first.done();
      this.next();
    });
  }

  private steal(request: LockRequest) {
    this.holder?.stolen(new Error('stolen'));
    this.holder = undefined;
    this.queue.unshift(request);
    this.next();
  }

  /** The streams that are open. */
  get open(): FakeSource[] {
    return this.sources.filter(({ readyState }) => readyState !== 2);
  }

  /** Freezes the tab with this index: it receives no messages until it is resumed. */
  freeze(tab: number): { resume: () => void } {
    const endpoint = this.endpoints[tab];
    if (!endpoint) throw new Error('there is no such tab');
    const { onmessage } = endpoint;
    endpoint.onmessage = null;
    return { resume: () => void (endpoint.onmessage = onmessage) };
  }

  /** The pending timers without those of the pings. */
  get otherTimers() {
    return this.timers.filter(({ delay }) => delay !== pingInterval);
  }

  get source(): FakeSource {
    const last = this.sources.at(-1);
    if (!last) throw new Error('no tab has opened the stream');
    return last;
  }

  async elapse(maxDelay = Infinity) {
    const timers = this.timers.filter(({ delay }) => delay <= maxDelay);
    this.timers = this.timers.filter(({ delay }) => delay > maxDelay);
    timers.forEach(({ then }) => then());
    await flushTasks();
  }
}

describe('the event stream, shared by the tabs of a browser', () => {
  let browser: Browser;
  let tabs: EventFeed[];
  const tab = (locks = true) => {
    const feed = new EventFeed('events', browser.ports(locks));
    tabs.push(feed);
    const received: FeedEvent[] = [];
    feed.onEvent((event) => received.push(event));
    feed.start();
    return { feed, received };
  };
  const changed = { order: 'o', seq: 3, id: 17 };

  beforeEach(() => {
    browser = new Browser();
    tabs = [];
  });
  afterEach(() => tabs.forEach((feed) => feed.stop()));

  it('is one connection for all tabs, and each receives the events', () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.source.send('order', changed);
    expect(browser.sources).toHaveLength(1);
    expect(first.received).toEqual([{ type: 'order', ...changed }]);
    expect(second.received).toEqual(first.received);
  });

  it('sends its state to a tab that opens later', () => {
    tab();
    browser.source.open();
    expect(tab().feed.state).toBe('live');
  });

  it('passes to another tab when the leader closes; that tab resyncs', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    first.feed.stop();
    await flushTasks();
    expect(browser.sources).toHaveLength(2);
    browser.source.open();
    expect(second.received).toEqual([{ type: 'resync' }]);
    browser.source.send('order', changed);
    expect(second.received.at(-1)).toEqual({ type: 'order', ...changed });
  });

  it('causes no resync when it opens for the first time', () => {
    const only = tab();
    browser.source.open();
    expect(only.received).toEqual([]);
  });

  it('reports a lost connection to every tab, and resyncs all when it is back', () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.source.fail(false);
    expect([first.feed.state, second.feed.state]).toEqual(['lost', 'lost']);
    expect(browser.otherTimers).toHaveLength(0); // the browser reconnects by itself
    browser.source.open();
    expect([first.feed.state, second.feed.state]).toEqual(['live', 'live']);
    expect(first.received).toEqual([{ type: 'resync' }]);
    expect(second.received).toEqual([{ type: 'resync' }]);
  });

  it('is reopened when the heartbeats stop', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    const [before] = browser.otherTimers;
    expect(before).toBeDefined();
    browser.source.send('beat', {});
    expect(browser.otherTimers).toHaveLength(1);
    expect(browser.otherTimers[0], 'each heartbeat restarts the timeout').not.toBe(before);
    await browser.elapse();
    expect(browser.source.readyState).toBe(2);
    expect([first.feed.state, second.feed.state]).toEqual(['lost', 'lost']);
    await browser.elapse();
    expect(browser.sources).toHaveLength(2);
    browser.source.open();
    expect([first.feed.state, second.feed.state]).toEqual(['live', 'live']);
    for (const { received } of [first, second]) expect(received).toEqual([{ type: 'resync' }]);
  });

  it('leaves no timer after it is stopped', () => {
    const only = tab();
    browser.source.open();
    only.feed.stop();
    expect(browser.timers).toHaveLength(0);
  });

  it('is reopened after a refusal with exponential backoff', async () => {
    tab();
    const delays: number[] = [];
    for (let i = 0; i < 6; i++) {
      browser.source.fail(true);
      delays.push(...browser.timers.map(({ delay }) => delay));
      await browser.elapse();
    }
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    browser.source.open();
    browser.source.fail(true);
    expect(browser.timers[0]?.delay).toBe(2_000);
  });

  it('reports why the server ended it', () => {
    const only = tab();
    browser.source.open();
    browser.source.send('end', { code: 'session_expired' });
    expect(only.received).toEqual([{ type: 'end', code: 'session_expired' }]);
    expect(only.feed.state).toBe('lost');
  });

  it('is reopened with the longest delay after newer windows replaced it', () => {
    tab();
    browser.source.open();
    browser.source.send('end', { code: 'stream_replaced' });
    expect(browser.timers.map(({ delay }) => delay)).toEqual([30_000]);
  });

  it('is not reopened after it is stopped', async () => {
    const only = tab();
    browser.source.fail(true);
    only.feed.stop();
    await browser.elapse();
    expect(browser.sources).toHaveLength(1);
  });

  it('is not reopened for an invalid session, and every tab learns that', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.signedIn = false;
    browser.source.fail(true);
    await browser.elapse();
    expect(browser.sources).toHaveLength(1);
    expect(browser.otherTimers).toHaveLength(0);
    for (const { received } of [first, second]) expect(received).toEqual([{ type: 'end', code: 'not_signed_in' }]);
  });

  it('is not reopened when it is stopped while it reads the session', async () => {
    const only = tab();
    browser.source.fail(true);
    const elapsed = browser.elapse();
    only.feed.stop();
    await elapsed;
    expect(browser.sources).toHaveLength(1);
  });

  it('passes to another tab when the leader is frozen, and all tabs resync', async () => {
    const [first, second, third] = [tab(), tab(), tab()];
    browser.source.open();
    const frozen = browser.freeze(0);
    for (let round = 0; round < 4; round++) {
      expect(browser.sources).toHaveLength(1);
      await browser.elapse(pingInterval);
    }
    expect(browser.sources.length, 'another stream is open').toBeGreaterThan(1);
    browser.source.open();
    browser.source.send('order', changed);
    for (const { received } of [second, third])
      expect(received.slice(-2)).toEqual([{ type: 'resync' }, { type: 'order', ...changed }]);

    frozen.resume();
    expect(first.received, 'the resumed tab resyncs').toEqual([{ type: 'resync' }]);
    expect(browser.open, 'only one stream is open').toEqual([browser.source]);
    browser.source.send('order', changed);
    expect(first.received.at(-1)).toEqual({ type: 'order', ...changed });
    [second, third].forEach(({ feed }) => feed.stop());
    await flushTasks();
    browser.source.open();
    expect(browser.open, 'the first tab waits for the lock again').toEqual([browser.source]);
    expect(first.feed.state).toBe('live');
  });

  it('continues in a tab that steals the lock at the moment it is granted', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.freeze(0);
    for (let round = 0; round < 3; round++) await browser.elapse(pingInterval);
    const taken = browser.elapse(pingInterval);
    first.feed.stop();
    await taken;
    expect(browser.open).toEqual([browser.source]);
    browser.source.open();
    browser.source.send('order', changed);
    expect(second.received.at(-1)).toEqual({ type: 'order', ...changed });
    await browser.elapse(pingInterval);
    expect(browser.open, 'no tab pings the leader').toEqual([browser.source]);
    second.feed.stop();
    expect(browser.open).toEqual([]);
  });

  it('stays with a leader that answers, however seldom the others can ping', async () => {
    tab();
    tab();
    browser.source.open();
    for (let round = 0; round < 10; round++) {
      const frozen = round % 3 ? browser.freeze(0) : undefined;
      await browser.elapse(pingInterval);
      frozen?.resume();
    }
    expect(browser.sources).toHaveLength(1);
  });

  it('is one connection per tab in a browser without locks', () => {
    tab(false);
    tab(false);
    expect(browser.sources).toHaveLength(2);
  });
});
