/** How the stream of events stands: being opened, open, or broken and being opened again. */
export type FeedState = 'connecting' | 'live' | 'lost';

/** What a tab learns. After «resync» it reads everything anew: something may have been missed. */
export type FeedEvent =
  | { type: 'order'; order: string; seq: number; id: number }
  | { type: 'open-order'; order: string; number: string; stage: string }
  | { type: 'message'; order: string; message: string; verdict: string }
  | { type: 'notification'; id: number; order: string }
  | { type: 'resync' }
  | { type: 'end'; code: string };

/** As much of EventSource as the feed uses. */
export interface Source {
  readonly readyState: number;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: string, listener: (event: { data: string }) => void): void;
  close(): void;
}

/** As much of BroadcastChannel as the feed uses. */
export interface Channel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** What the feed needs of the browser. */
export interface FeedPorts {
  /**
   * Runs work while this tab alone holds the name, and until the signal ends; undefined where tabs cannot agree on one. A tab waits until the one
   * that holds the name lets it go, or takes it away, which ends the other one's call with an error.
   */
  lead:
    | ((name: string, how: { signal: AbortSignal } | { steal: true }, work: () => Promise<void>) => Promise<unknown>)
    | undefined;
  channel(name: string): Channel;
  open(): Source;
  /** Whether the session still stands, as far as anybody can say. */
  stands(): Promise<boolean>;
  /** Calls back later; returns what cancels it. */
  later(milliseconds: number, then: () => void): () => void;
}

type Shared = { kind: 'hello' } | { kind: 'state'; state: FeedState } | { kind: 'event'; event: FeedEvent };

const closed = 2;
const firstPause = 2_000;
const longestPause = 30_000;
/** A newer stream of the same session has taken the place of this one. */
const replaced = 'stream_replaced';
/** The server says each 15 s that it lives. A stream that is silent for so long leads nowhere, though nobody has closed it. */
const longestSilence = 50_000;
/** How often a tab asks the leading one how it stands. Hidden tabs have slow timers, but they answer at once. */
const askEvery = 5_000;
/** After so many questions without an answer the leading tab is halted: by a dialog, the debugger or the browser. */
const mostUnanswered = 3;

/**
 * The stream of a person's events, one connection for all tabs of the browser: the tab that holds the lock reads the stream and
 * tells the others. When it closes, the lock passes on; when it is halted, another tab takes the lock, and everything is read anew. A stream
 * of a session that is over is not opened again.
 */
export class EventFeed {
  state: FeedState = 'connecting';
  private readonly listeners = new Set<(event: FeedEvent) => void>();
  private readonly watchers = new Set<() => void>();
  private readonly stopping = new AbortController();
  private readonly shared: Channel;
  private source: Source | undefined;
  private leading = false;
  /** How often this tab has become the leading one; it may have taken the lead from itself. */
  private terms = 0;
  private cancelRetry: (() => void) | undefined;
  private cancelWatch: (() => void) | undefined;
  private cancelAsk: (() => void) | undefined;
  private unanswered = 0;
  private pause = firstPause;
  /** Whether something may have been missed by the time that a stream is open. */
  private missed = false;

  constructor(
    private readonly name: string,
    private readonly ports: FeedPorts,
  ) {
    this.shared = ports.channel(name);
    this.shared.onmessage = ({ data }) => this.heard(data as Shared);
  }

  start(): void {
    if (!this.ports.lead) {
      this.becomeLeader();
      return;
    }
    this.ask();
    void this.waitForLead();
  }

  stop(): void {
    this.stopping.abort();
    this.cancelRetry?.();
    this.cancelWatch?.();
    this.cancelAsk?.();
    this.source?.close();
    this.shared.close();
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

  /** Leads until the end of this feed, or until another tab takes the lead; returns whether that happened. */
  private async lead(how: { signal: AbortSignal } | { steal: true }): Promise<boolean> {
    const { signal } = this.stopping;
    let term = 0;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const work = () => {
      term = ++this.terms;
      this.becomeLeader();
      return stopped;
    };
    await this.ports.lead?.(this.name, how, work).catch(() => undefined);
    const lost = term > 0 && !signal.aborted;
    if (lost && term === this.terms) this.follow();
    return lost;
  }

  private becomeLeader(): void {
    if (this.stopping.signal.aborted) return;
    this.cancelAsk?.();
    this.leading = true;
    this.share({ kind: 'state', state: this.state });
    this.connect();
  }

  /** This tab was halted, and another one leads now. */
  private follow(): void {
    this.leading = false;
    this.cancelRetry?.();
    this.cancelWatch?.();
    this.source?.close();
    this.hear({ type: 'resync' });
    this.unanswered = 0;
    this.ask();
  }

  /** Asks the leading tab how it stands, again and again, and takes the lead from one that does not answer. */
  private ask(): void {
    this.unanswered++;
    this.share({ kind: 'hello' });
    this.cancelAsk = this.ports.later(askEvery, () => {
      const halted = this.unanswered >= mostUnanswered;
      if (halted) this.unanswered = 0;
      this.ask();
      if (!halted) return;
      this.missed = true;
      void this.lead({ steal: true }); // the request that waits goes on waiting
    });
  }

  private connect(): void {
    this.source?.close();
    const source = this.ports.open();
    this.source = source;
    source.onopen = () => this.opened(source);
    source.onerror = () => this.broken(source);
    source.addEventListener('beat', () => this.watch(source));
    // A stream that the browser took up again says «resync» itself.
    source.addEventListener('resync', () => this.tell({ type: 'resync' }));
    for (const type of ['order', 'open-order', 'message', 'notification'] as const) {
      source.addEventListener(type, ({ data }) => this.tell({ type, ...(JSON.parse(data) as object) } as FeedEvent));
    }
    source.addEventListener('end', ({ data }) => {
      const { code } = JSON.parse(data) as { code: string };
      source.close();
      // Too many windows: one that came back at once would only push out the next.
      if (code === replaced) this.pause = longestPause;
      this.tell({ type: 'end', code });
      this.broken(source);
    });
  }

  private opened(source: Source): void {
    this.watch(source);
    this.pause = firstPause;
    this.change('live');
    if (this.missed) this.tell({ type: 'resync' });
    this.missed = false;
  }

  /** Waits for the next sign of life: a line can die without a word, and the browser would believe in it for long. */
  private watch(source: Source): void {
    this.cancelWatch?.();
    this.cancelWatch = this.ports.later(longestSilence, () => {
      source.close();
      this.broken(source);
    });
  }

  /** The browser itself takes up a stream that broke, but not one that was refused or closed. */
  private broken(source: Source): void {
    this.cancelWatch?.();
    this.missed = true;
    this.change('lost');
    if (source.readyState !== closed || this.stopping.signal.aborted) return;
    this.cancelRetry?.();
    this.cancelRetry = this.ports.later(this.pause, () => void this.again());
    this.pause = Math.min(this.pause * 2, longestPause);
  }

  /** A refusal does not say why, so the session is asked for before the next try. */
  private async again(): Promise<void> {
    const stands = await this.ports.stands();
    if (this.stopping.signal.aborted || !this.leading) return;
    if (stands) this.connect();
    else this.tell({ type: 'end', code: 'not_signed_in' });
  }

  private tell(event: FeedEvent): void {
    this.share({ kind: 'event', event });
    this.hear(event);
  }

  private hear(event: FeedEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private change(state: FeedState): void {
    if (this.leading) this.share({ kind: 'state', state });
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }

  private share(message: Shared): void {
    this.shared.postMessage(message);
  }

  private heard(message: Shared): void {
    if (this.leading) {
      if (message.kind === 'hello') this.share({ kind: 'state', state: this.state });
      return;
    }
    if (message.kind === 'hello') return;
    this.unanswered = 0;
    if (message.kind === 'event') {
      this.hear(message.event);
      return;
    }
    this.missed = true; // what this tab hears ends when the other one closes
    this.change(message.state);
  }
}
