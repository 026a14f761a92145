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
  breakOff(refused: boolean) {
    this.readyState = refused ? 2 : 0;
    this.onerror?.();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

interface LockRequest {
  work: () => Promise<void>;
  done: () => void;
  stolen: (cause: Error) => void;
}

interface End {
  onmessage: ((event: { data: unknown }) => void) | null;
}

const askEvery = 5_000;

/** A browser with several tabs: one lock, one channel, and a clock that a test moves. */
class Browser {
  sources: FakeSource[] = [];
  signedIn = true;
  timers: { pause: number; then: () => void }[] = [];
  private queue: LockRequest[] = [];
  private holder: LockRequest | undefined;
  private ends: End[] = [];

  ports(locks = true): FeedPorts {
    return {
      lead: locks
        ? (_, how, work) =>
            new Promise<void>((done, stolen) => {
              const request = { work, done, stolen };
              if ('steal' in how)
                setImmediate(() => this.steal(request)); // others may be quicker
              else {
                this.queue.push(request);
                this.next();
              }
            })
        : undefined,
      channel: () => {
        const end: End = { onmessage: null };
        this.ends.push(end);
        return Object.assign(end, {
          postMessage: (data: unknown) =>
            this.ends.filter((other) => other !== end).forEach((other) => other.onmessage?.({ data })),
          close: () => void (this.ends = this.ends.filter((other) => other !== end)),
        });
      },
      open: () => {
        const source = new FakeSource();
        this.sources.push(source);
        return source;
      },
      stands: () => Promise.resolve(this.signedIn),
      later: (pause, then) => {
        const timer = { pause, then };
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

  /** The streams that are not closed. */
  get open(): FakeSource[] {
    return this.sources.filter(({ readyState }) => readyState !== 2);
  }

  /** Halts the tab that was opened so early: it hears nothing until it goes on. */
  halt(tab: number): { goOn: () => void } {
    const end = this.ends[tab];
    if (!end) throw new Error('there is no such tab');
    const { onmessage } = end;
    end.onmessage = null;
    return { goOn: () => void (end.onmessage = onmessage) };
  }

  /** What is waited for beside the next question to the leading tab. */
  get waits() {
    return this.timers.filter(({ pause }) => pause !== askEvery);
  }

  get source(): FakeSource {
    const last = this.sources.at(-1);
    if (!last) throw new Error('no tab has opened the stream');
    return last;
  }

  async elapse(longest = Infinity) {
    const timers = this.timers.filter(({ pause }) => pause <= longest);
    this.timers = this.timers.filter(({ pause }) => pause > longest);
    timers.forEach(({ then }) => then());
    await settled();
  }
}

describe('the stream of events, shared by the tabs of a browser', () => {
  let browser: Browser;
  let tabs: EventFeed[];
  const tab = (locks = true) => {
    const feed = new EventFeed('events', browser.ports(locks));
    tabs.push(feed);
    const heard: FeedEvent[] = [];
    feed.onEvent((event) => heard.push(event));
    feed.start();
    return { feed, heard };
  };
  const changed = { order: 'o', seq: 3, id: 17 };

  beforeEach(() => {
    browser = new Browser();
    tabs = [];
  });
  afterEach(() => tabs.forEach((feed) => feed.stop()));

  it('is one connection for all tabs, and each hears the events', () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.source.send('order', changed);
    expect(browser.sources).toHaveLength(1);
    expect(first.heard).toEqual([{ type: 'order', ...changed }]);
    expect(second.heard).toEqual(first.heard);
  });

  it('tells a tab that opens later how it stands', () => {
    tab();
    browser.source.open();
    expect(tab().feed.state).toBe('live');
  });

  it('passes to another tab when the one that reads it closes, which then reads everything anew', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    first.feed.stop();
    await settled();
    expect(browser.sources).toHaveLength(2);
    browser.source.open();
    expect(second.heard).toEqual([{ type: 'resync' }]);
    browser.source.send('order', changed);
    expect(second.heard.at(-1)).toEqual({ type: 'order', ...changed });
  });

  it('asks for nothing anew when it opens for the first time', () => {
    const only = tab();
    browser.source.open();
    expect(only.heard).toEqual([]);
  });

  it('shows every tab a lost connection, and heals with a new reading', () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.source.breakOff(false);
    expect([first.feed.state, second.feed.state]).toEqual(['lost', 'lost']);
    expect(browser.waits).toHaveLength(0); // the browser connects again by itself
    browser.source.open();
    expect([first.feed.state, second.feed.state]).toEqual(['live', 'live']);
    expect(first.heard).toEqual([{ type: 'resync' }]);
    expect(second.heard).toEqual([{ type: 'resync' }]);
  });

  it('takes a stream without a sign of life for a broken one', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    const [before] = browser.waits;
    expect(before).toBeDefined();
    browser.source.send('beat', {});
    expect(browser.waits).toHaveLength(1);
    expect(browser.waits[0], 'each beat begins the wait anew').not.toBe(before);
    await browser.elapse();
    expect(browser.source.readyState).toBe(2);
    expect([first.feed.state, second.feed.state]).toEqual(['lost', 'lost']);
    await browser.elapse();
    expect(browser.sources).toHaveLength(2);
    browser.source.open();
    expect([first.feed.state, second.feed.state]).toEqual(['live', 'live']);
    for (const { heard } of [first, second]) expect(heard).toEqual([{ type: 'resync' }]);
  });

  it('watches nothing after its end', () => {
    const only = tab();
    browser.source.open();
    only.feed.stop();
    expect(browser.timers).toHaveLength(0);
  });

  it('opens a refused stream again, more and more rarely', async () => {
    tab();
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      browser.source.breakOff(true);
      pauses.push(...browser.timers.map(({ pause }) => pause));
      await browser.elapse();
    }
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    browser.source.open();
    browser.source.breakOff(true);
    expect(browser.timers[0]?.pause).toBe(2_000);
  });

  it('says why the server ended it', () => {
    const only = tab();
    browser.source.open();
    browser.source.send('end', { code: 'session_expired' });
    expect(only.heard).toEqual([{ type: 'end', code: 'session_expired' }]);
    expect(only.feed.state).toBe('lost');
  });

  it('comes back after a while when newer windows took its place, and not at once', () => {
    tab();
    browser.source.open();
    browser.source.send('end', { code: 'stream_replaced' });
    expect(browser.timers.map(({ pause }) => pause)).toEqual([30_000]);
  });

  it('opens no stream after its end', async () => {
    const only = tab();
    browser.source.breakOff(true);
    only.feed.stop();
    await browser.elapse();
    expect(browser.sources).toHaveLength(1);
  });

  it('opens no stream for a session that is over, and says so to every tab', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.signedIn = false;
    browser.source.breakOff(true);
    await browser.elapse();
    expect(browser.sources).toHaveLength(1);
    expect(browser.waits).toHaveLength(0);
    for (const { heard } of [first, second]) expect(heard).toEqual([{ type: 'end', code: 'not_signed_in' }]);
  });

  it('opens no stream when it is stopped while it asks for the session', async () => {
    const only = tab();
    browser.source.breakOff(true);
    const elapsed = browser.elapse();
    only.feed.stop();
    await elapsed;
    expect(browser.sources).toHaveLength(1);
  });

  it('is taken by another tab when the one that reads it is halted, and all read everything anew', async () => {
    const [first, second, third] = [tab(), tab(), tab()];
    browser.source.open();
    const halted = browser.halt(0);
    for (let asked = 0; asked < 4; asked++) {
      expect(browser.sources).toHaveLength(1);
      await browser.elapse(askEvery);
    }
    expect(browser.sources.length, 'somebody has opened another').toBeGreaterThan(1);
    browser.source.open();
    browser.source.send('order', changed);
    for (const { heard } of [second, third])
      expect(heard.slice(-2)).toEqual([{ type: 'resync' }, { type: 'order', ...changed }]);

    halted.goOn();
    expect(first.heard, 'what it has not heard').toEqual([{ type: 'resync' }]);
    expect(browser.open, 'one stream is open').toEqual([browser.source]);
    browser.source.send('order', changed);
    expect(first.heard.at(-1)).toEqual({ type: 'order', ...changed });
    [second, third].forEach(({ feed }) => feed.stop());
    await settled();
    browser.source.open();
    expect(browser.open, 'the first tab waits for the lead again').toEqual([browser.source]);
    expect(first.feed.state).toBe('live');
  });

  it('is read on by a tab that takes the lead in the moment in which it comes to it', async () => {
    const [first, second] = [tab(), tab()];
    browser.source.open();
    browser.halt(0);
    for (let asked = 0; asked < 3; asked++) await browser.elapse(askEvery);
    const taken = browser.elapse(askEvery);
    first.feed.stop();
    await taken;
    expect(browser.open).toEqual([browser.source]);
    browser.source.open();
    browser.source.send('order', changed);
    expect(second.heard.at(-1)).toEqual({ type: 'order', ...changed });
    await browser.elapse(askEvery);
    expect(browser.open, 'nobody asks for the lead').toEqual([browser.source]);
    second.feed.stop();
    expect(browser.open).toEqual([]);
  });

  it('stays with a tab that answers, however seldom others can ask', async () => {
    tab();
    tab();
    browser.source.open();
    for (let asked = 0; asked < 10; asked++) {
      const halted = asked % 3 ? browser.halt(0) : undefined;
      await browser.elapse(askEvery);
      halted?.goOn();
    }
    expect(browser.sources).toHaveLength(1);
  });

  it('gives each tab a stream of its own where tabs cannot agree', () => {
    tab(false);
    tab(false);
    expect(browser.sources).toHaveLength(2);
  });
});
