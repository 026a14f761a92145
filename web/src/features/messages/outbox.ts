import { isVerdict } from '@/shared/api/idempotency';
import { type Problem, problemOf, ProblemError } from '@/shared/api/problem';
import type { ChatFile, ChatMessage } from './chatApi';

/** What a person wrote and has to be sent. */
export interface Content {
  text: string;
  files: readonly ChatFile[];
}

/**
 * A message that is not yet in the thread. A waiting one is sent again, with the same key; a refused
 * one returns to the field it was typed in.
 */
export interface Outgoing extends Content {
  key: string;
  state: 'sending' | 'waiting' | 'refused' | 'sent';
  problem?: Problem;
  /** The last number of the thread that the person saw when he sent it. */
  after: number;
  /** Its number in the thread, once it is sent. */
  seq?: number;
}

export interface OutboxPorts {
  send: (key: string, content: Content) => Promise<ChatMessage>;
  /** What was not sent when the page was left. */
  load: () => readonly Outgoing[];
  save: (entries: readonly Outgoing[]) => void;
  newKey: () => string;
  /** Calls then after the delay; returns the function that cancels it. */
  schedule: (milliseconds: number, then: () => void) => () => void;
  onSent: (message: ChatMessage) => void;
}

const maxDelay = 30_000;

/**
 * The messages of one thread on their way. They are sent one after another, so that they stand in
 * the thread as they were written, and each under one key, so that none stands there twice.
 */
export class Outbox {
  private entries: readonly Outgoing[];
  private readonly watchers = new Set<() => void>();
  private running = false;
  private failures = 0;
  private cancelRetry: (() => void) | undefined;

  constructor(private readonly ports: OutboxPorts) {
    this.entries = ports.load().map((entry) => (entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry));
  }

  readonly snapshot = (): readonly Outgoing[] => this.entries;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  add(content: Content, after: number): void {
    this.set([...this.entries, { ...content, key: this.ports.newKey(), state: 'sending', after }]);
    void this.run();
  }

  /** Sends what waits, now. */
  readonly flush = (): void => {
    if (this.entries.some(({ state }) => state === 'waiting')) void this.run();
  };

  /** Removes a message, and returns it, so that it can be changed. */
  take(key: string): Outgoing | undefined {
    const entry = this.entries.find((one) => one.key === key);
    this.set(this.entries.filter((one) => one !== entry));
    return entry;
  }

  /** Removes the sent messages that the thread now shows. */
  forget(upTo: number): void {
    const left = this.entries.filter(({ seq }) => seq === undefined || seq > upTo);
    if (left.length < this.entries.length) this.set(left);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.cancelRetry?.();
    for (;;) {
      const next = this.entries.find(({ state }) => state === 'sending' || state === 'waiting');
      if (!next || !(await this.sendOne(next))) break;
    }
    this.running = false;
  }

  /** Reports whether the next one may be sent. */
  private async sendOne({ key, text, files }: Outgoing): Promise<boolean> {
    this.update(key, { state: 'sending', problem: undefined });
    try {
      const message = await this.ports.send(key, { text, files });
      this.failures = 0;
      this.update(key, { state: 'sent', seq: message.seq });
      this.ports.onSent(message);
      return true;
    } catch (error) {
      const problem = problemOf(error);
      const refused = isVerdict(problem.status);
      this.update(key, { state: refused ? 'refused' : 'waiting', problem });
      if (!refused) this.retryLater(problem.status, error instanceof ProblemError ? error.retryAfter : 0);
      return refused;
    }
  }

  private retryLater(status: number, seconds: number): void {
    if (status === 401 || status === 403) return; // the person has to sign in first
    const delay = Math.min(maxDelay, Math.max(seconds * 1000, 1000 * 2 ** this.failures++));
    this.cancelRetry = this.ports.schedule(delay, this.flush);
  }

  private update(key: string, change: Partial<Omit<Outgoing, 'problem'>> & { problem?: Problem | undefined }): void {
    this.set(
      this.entries.map((entry) => {
        if (entry.key !== key) return entry;
        const { problem, ...rest } = { ...entry, ...change };
        return problem ? { ...rest, problem } : rest;
      }),
    );
  }

  private set(entries: readonly Outgoing[]): void {
    this.entries = entries;
    this.ports.save(entries.filter(({ state }) => state !== 'sent'));
    for (const watcher of this.watchers) watcher();
  }
}

/**
 * Returns the messages to show as on their way. One that the thread already has, because its event
 * was faster than the answer, is not shown a second time.
 */
export function notYetShown(entries: readonly Outgoing[], items: readonly ChatMessage[]): Outgoing[] {
  const last = items.at(-1)?.seq ?? 0;
  const claimed = new Set<number>();
  return entries.filter((entry) => {
    if (entry.state === 'refused') return false;
    if (entry.seq !== undefined) return entry.seq > last;
    const shown = items.find((message) => isOf(message, entry) && !claimed.has(message.seq));
    if (shown) claimed.add(shown.seq);
    return !shown;
  });
}

function isOf({ seq, author, text, files }: ChatMessage, entry: Outgoing): boolean {
  return (
    author.mine &&
    seq > entry.after &&
    visible(text) === visible(entry.text) &&
    files.length === entry.files.length &&
    files.every(({ id }, index) => id === entry.files[index]?.id)
  );
}

/** The platform removes marks that are not seen. */
const visible = (text: string) =>
  text
    .normalize('NFC')
    .replaceAll(/[\p{Cf}\s]+/gu, ' ')
    .trim();
