/** How far what was typed has come. */
export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed' | 'conflict';

interface Ports<Content> {
  /** Saves over the version that it names; the new version comes back. */
  save: (content: Content, version: number) => Promise<number>;
  /** What is saved now, to tell another window's form from one's own whose answer was lost. */
  read: () => Promise<{ content: Content; version: number }>;
  isConflict: (error: unknown) => boolean;
  same: (a: Content, b: Content) => boolean;
  onState: (state: SaveState, version: number) => void;
}

/** People stop typing for so long before it is saved, milliseconds. */
const pause = 1_200;
/** After a failure it is tried again so much later. */
const again = 10_000;

/** Saves a form while it is typed: one request at a time, the newest content, never over what another window saved. */
export class FormSaver<Content> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next: { content: Content } | undefined;
  private sent: { content: Content } | undefined;
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
    this.ports.onState('dirty', this.version);
    this.later(pause);
  }

  /** Saves at once what is not saved yet; resolves when nothing is on its way. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    if (this.next && !this.over) {
      this.start();
      await this.running;
    }
  }

  /** Begins no further saving: the form was sent, or its order is gone. */
  async stop(): Promise<void> {
    this.over = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Goes on after a stop that came to nothing. */
  resume(content: Content): void {
    this.over = false;
    this.change(content);
  }

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.running) this.start();
    }, delay);
  }

  private start(): void {
    this.running = this.save().finally(() => {
      this.running = undefined;
      if (this.next && !this.over) this.later(this.failed ? again : pause);
    });
  }

  private failed = false;

  private async save(): Promise<void> {
    const item = this.next;
    if (!item) return;
    this.next = undefined;
    this.failed = false;
    this.ports.onState('saving', this.version);
    try {
      this.version = await this.put(item);
      this.ports.onState(this.next ? 'dirty' : 'saved', this.version);
    } catch (error) {
      this.next ??= item;
      this.failed = true;
      this.over = this.over || this.ports.isConflict(error);
      this.ports.onState(this.ports.isConflict(error) ? 'conflict' : 'failed', this.version);
    }
  }

  private async put(item: { content: Content }): Promise<number> {
    const before = this.sent;
    this.sent = item;
    try {
      return await this.ports.save(item.content, this.version);
    } catch (error) {
      if (!before || !this.ports.isConflict(error)) throw error;
      const { content, version } = await this.ports.read();
      if (!this.ports.same(content, before.content)) throw error;
      return await this.ports.save(item.content, version);
    }
  }
}
