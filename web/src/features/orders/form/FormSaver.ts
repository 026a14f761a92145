/** How far what was typed has come. */
export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | Failure;

/**
 * What is to be done about a saving that failed: try it again later; wait until something else is typed, because this is refused;
 * or end, because another window has saved.
 */
export type Failure = 'failed' | 'refused' | 'conflict';

interface Ports<Content> {
  /** Saves over the version that it names; the new version comes back. */
  save: (content: Content, version: number) => Promise<number>;
  /** What is saved now, to tell another window's form from one's own whose answer was lost. */
  read: () => Promise<{ content: Content; version: number }>;
  judge: (error: unknown) => Failure;
  same: (a: Content, b: Content) => boolean;
  onState: (state: SaveState, error?: unknown) => void;
  /** Told of each version that has arrived, and whether it holds all that is typed. */
  onSaved: (version: number, all: boolean) => void;
}

/** People stop typing for so long before it is saved, milliseconds. */
const pause = 1_200;
/** After a failure it is tried again so much later. */
const again = 10_000;

/** Saves a form while it is typed: one request at a time, the newest content, never over what another window saved. */
export class FormSaver<Content> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next: { content: Content } | undefined;
  /** What was sent since the last answer: any of it may have arrived. */
  private readonly sent = new Set<Content>();
  private running: Promise<void> | undefined;
  private over = false;

  constructor(
    private readonly ports: Ports<Content>,
    private version: number,
  ) {}

  /** Takes what the form holds now. */
  change(content: Content): void {
    if (this.over) return;
    this.next = { content };
    this.ports.onState('dirty');
    this.later(pause);
  }

  /** Saves what is not saved yet, at once and for the last time: the form is left. Resolves when nothing is on its way. */
  async leave(): Promise<void> {
    const ended = this.over;
    await this.stop();
    if (!this.next || ended) return;
    this.start();
    await this.running;
  }

  /** Begins no further saving: the form was sent, or its order is gone. */
  async stop(): Promise<void> {
    this.over = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Takes changes again after a stop that came to nothing. */
  resume(): void {
    this.over = false;
  }

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.running) this.start();
    }, delay);
  }

  private start(): void {
    this.running = this.save().then((delay) => {
      this.running = undefined;
      if (this.next && !this.over && delay !== undefined) this.later(delay);
    });
  }

  /** Saves the newest content, and says how long to wait before what is then there is saved; undefined if that is of no use. */
  private async save(): Promise<number | undefined> {
    const item = this.next;
    if (!item) return undefined;
    this.next = undefined;
    this.ports.onState('saving');
    try {
      this.version = await this.put(item.content);
      this.sent.clear();
      this.ports.onSaved(this.version, !this.next);
      this.ports.onState(this.next ? 'dirty' : 'saved');
      return pause;
    } catch (error) {
      const failure = this.ports.judge(error);
      const typed = this.next !== undefined;
      this.next ??= item;
      this.over ||= failure === 'conflict';
      this.ports.onState(failure, error);
      if (failure === 'failed') return again;
      return typed ? pause : undefined;
    }
  }

  private async put(content: Content): Promise<number> {
    const before = [...this.sent];
    this.sent.add(content);
    try {
      return await this.ports.save(content, this.version);
    } catch (error) {
      if (before.length === 0 || this.ports.judge(error) !== 'conflict') throw error;
      const saved = await this.ports.read();
      if (!before.some((one) => this.ports.same(saved.content, one))) throw error;
      return await this.ports.save(content, saved.version);
    }
  }
}
