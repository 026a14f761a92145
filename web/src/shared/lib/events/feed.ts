import type { StageCode } from '@/shared/codes';

/** The state of the event stream: being opened, open, or broken and being reopened. */
export type FeedState = 'connecting' | 'live' | 'lost';

/**
 * An event that a tab receives. After «resync» it reads everything again, because events may have
 * been missed.
 */
export type FeedEvent =
  | { type: 'order'; order: string; seq: number; id: number }
  | { type: 'open-order'; order: string; number: string; stage: StageCode; region: string; workKind: string }
  | { type: 'message'; order: string; message: string; verdict: string }
  | { type: 'notification'; id: number; order?: string }
  | { type: 'chat'; order: string; engineer: string; seq: number }
  | { type: 'resync' }
  | { type: 'end'; code: string };

/** The part of EventSource that the feed uses. */
export interface Source {
  readonly readyState: number;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: string, listener: (event: { data: string }) => void): void;
  close(): void;
}

/** The part of BroadcastChannel that the feed uses. */
export interface Channel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The browser APIs that the feed uses. */
export interface FeedPorts {
  /**
   * Runs work while this tab alone holds the lock of this name, and until the signal aborts;
   * undefined if the browser has no locks. With a signal the tab waits until the holder releases
   * the lock. With steal it takes the lock away, and the former holder's call rejects.
   */
  lead:
    | ((name: string, how: { signal: AbortSignal } | { steal: true }, work: () => Promise<void>) => Promise<unknown>)
    | undefined;
  channel(name: string): Channel;
  open(): Source;
  /** Reports whether the session is still valid, as far as that is known. */
  isSessionValid(): Promise<boolean>;
  /** Calls then after the delay; returns the function that cancels it. */
  schedule(milliseconds: number, then: () => void): () => void;
}

type TabMessage = { kind: 'hello' } | { kind: 'state'; state: FeedState } | { kind: 'event'; event: FeedEvent };

const closed = 2;
const minDelay = 2_000;
const maxDelay = 30_000;
/** The code of an «end» event: a newer stream of the same session has replaced this one. */
const replacedCode = 'stream_replaced';
/**
 * The server sends a heartbeat every 15 s. A stream that is silent for this long is dead, even if
 * nobody closed it.
 */
const silenceTimeout = 50_000;
/**
 * How often a tab pings the leader. Hidden tabs have throttled timers, but answer messages at once.
 */
const pingInterval = 5_000;
/**
 * After this many unanswered pings the leader is frozen: by a dialog, the debugger or the browser.
 */
const maxUnanswered = 3;

/**
 * The event stream of a user, one connection for all tabs of the browser. The tab that holds the
 * lock is the leader: it reads the stream and relays the events to the other tabs. When the leader
 * closes, the lock passes to another tab. When the leader is frozen, another tab steals the lock,
 * and all tabs read everything again. The stream is not reopened once the session is over.
 */
export class EventFeed {
  state: FeedState = 'connecting';
  private readonly listeners = new Set<(event: FeedEvent) => void>();
  private readonly watchers = new Set<() => void>();
  private readonly stopping = new AbortController();
  private readonly channel: Channel;
  private source: Source | undefined;
  private leading = false;
  /** How often this tab has become the leader; it may have stolen the lock from itself. */
  private leadershipCount = 0;
  private cancelRetry: (() => void) | undefined;
  private cancelSilenceTimeout: (() => void) | undefined;
  private cancelPing: (() => void) | undefined;
  private unanswered = 0;
  private delay = minDelay;
  /** Whether events may have been missed by the time the stream is open. */
  private missed = false;

  constructor(
    private readonly name: string,
    private readonly ports: FeedPorts,
  ) {
    this.channel = ports.channel(name);
    this.channel.onmessage = ({ data }) => this.receive(data as TabMessage);
  }

  start(): void {
    if (!this.ports.lead) {
      this.becomeLeader();
      return;
    }
    this.ping();
    void this.waitForLead();
  }

  stop(): void {
    this.stopping.abort();
    this.cancelRetry?.();
    this.cancelSilenceTimeout?.();
    this.cancelPing?.();
    this.source?.close();
    this.channel.close();
  }

  onEvent(listener: (event: FeedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onState(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private async waitForLead(): Promise<void> {
    const { signal } = this.stopping;
    while (await this.lead({ signal }));
  }

  /**
   * Leads until this feed stops or another tab steals the lock; reports whether the lock was
   * stolen.
   */
  private async lead(how: { signal: AbortSignal } | { steal: true }): Promise<boolean> {
    const { signal } = this.stopping;
    let leadership = 0;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const work = () => {
      leadership = ++this.leadershipCount;
      this.becomeLeader();
      return stopped;
    };
    await this.ports.lead?.(this.name, how, work).catch(() => undefined);
    const stolen = leadership > 0 && !signal.aborted;
    if (stolen && leadership === this.leadershipCount) this.stepDown();
    return stolen;
  }

  private becomeLeader(): void {
    if (this.stopping.signal.aborted) return;
    this.cancelPing?.();
    this.leading = true;
    this.broadcast({ kind: 'state', state: this.state });
    this.connect();
  }

  /** Steps down after a freeze, when another tab leads. */
  private stepDown(): void {
    this.leading = false;
    this.cancelRetry?.();
    this.cancelSilenceTimeout?.();
    this.source?.close();
    this.emit({ type: 'resync' });
    this.unanswered = 0;
    this.ping();
  }

  /** Pings the leader periodically, and steals the lock from one that does not answer. */
  private ping(): void {
    this.unanswered++;
    this.broadcast({ kind: 'hello' });
    this.cancelPing = this.ports.schedule(pingInterval, () => {
      const leaderFrozen = this.unanswered >= maxUnanswered;
      if (leaderFrozen) this.unanswered = 0;
      this.ping();
      if (!leaderFrozen) return;
      this.missed = true;
      void this.lead({ steal: true }); // the pending lock request keeps waiting
    });
  }

  private connect(): void {
    this.source?.close();
    const source = this.ports.open();
    this.source = source;
    source.onopen = () => this.opened(source);
    source.onerror = () => this.broken(source);
    source.addEventListener('beat', () => this.restartSilenceTimeout(source));
    // A stream that the browser reconnected itself receives «resync» from the server.
    source.addEventListener('resync', () => this.publish({ type: 'resync' }));
    for (const type of ['order', 'open-order', 'message', 'notification', 'chat'] as const) {
      source.addEventListener(type, ({ data }) => this.publish({ type, ...(JSON.parse(data) as object) } as FeedEvent));
    }
    source.addEventListener('end', ({ data }) => {
      const { code } = JSON.parse(data) as { code: string };
      source.close();
      // There are too many windows: reconnecting at once would only replace another one.
      if (code === replacedCode) this.delay = maxDelay;
      this.publish({ type: 'end', code });
      this.broken(source);
    });
  }

  private opened(source: Source): void {
    this.restartSilenceTimeout(source);
    this.delay = minDelay;
    this.setState('live');
    if (this.missed) this.publish({ type: 'resync' });
    this.missed = false;
  }

  /**
   * Restarts the heartbeat timeout: a connection can die silently, and the browser would keep it
   * open for long.
   */
  private restartSilenceTimeout(source: Source): void {
    this.cancelSilenceTimeout?.();
    this.cancelSilenceTimeout = this.ports.schedule(silenceTimeout, () => {
      source.close();
      this.broken(source);
    });
  }

  /**
   * Handles an error of the stream. The browser reconnects a broken stream itself, but not one that
   * was refused or closed.
   */
  private broken(source: Source): void {
    this.cancelSilenceTimeout?.();
    this.missed = true;
    this.setState('lost');
    if (source.readyState !== closed || this.stopping.signal.aborted) return;
    this.cancelRetry?.();
    this.cancelRetry = this.ports.schedule(this.delay, () => void this.retry());
    this.delay = Math.min(this.delay * 2, maxDelay);
  }

  /**
   * Reconnects if the session is still valid. EventSource does not expose why it was refused, so
   * the session is read first.
   */
  private async retry(): Promise<void> {
    const isSessionValid = await this.ports.isSessionValid();
    if (this.stopping.signal.aborted || !this.leading) return;
    if (isSessionValid) this.connect();
    else this.publish({ type: 'end', code: 'not_signed_in' });
  }

  private publish(event: FeedEvent): void {
    this.broadcast({ kind: 'event', event });
    this.emit(event);
  }

  private emit(event: FeedEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private setState(state: FeedState): void {
    if (this.leading) this.broadcast({ kind: 'state', state });
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }

  private broadcast(message: TabMessage): void {
    this.channel.postMessage(message);
  }

  private receive(message: TabMessage): void {
    if (this.leading) {
      if (message.kind === 'hello') this.broadcast({ kind: 'state', state: this.state });
      return;
    }
    if (message.kind === 'hello') return;
    this.unanswered = 0;
    if (message.kind === 'event') {
      this.emit(message.event);
      return;
    }
    this.missed = true; // this tab receives no more events once the leader closes
    this.setState(message.state);
  }
}
