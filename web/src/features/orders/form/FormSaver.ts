/** The state of saving the form. */
export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | Failure;

/**
 * The kind of a failed save. failed: retry later. refused: wait until the content changes.
 * conflict: stop, because another window has saved.
 */
export type Failure = 'failed' | 'refused' | 'conflict';

interface Ports<Content> {
  /** Saves over the given version; resolves with the new version. */
  save: (content: Content, version: number) => Promise<number>;
  /**
   * Reads the saved form, to distinguish another window's save from one's own whose answer was
   * lost.
   */
  read: () => Promise<{ content: Content; version: number }>;
  classify: (error: unknown) => Failure;
  same: (a: Content, b: Content) => boolean;
  onState: (state: SaveState, error?: unknown) => void;
  /** Called for each saved version, with whether it contains everything that was typed. */
  onSaved: (version: number, all: boolean) => void;
}

/** The debounce delay before a save, in milliseconds. */
const debounceDelay = 1_200;
/** The delay before a retry, in milliseconds. */
const retryDelay = 10_000;

/**
 * Saves a form while it is edited: one request at a time, the newest content, and never over what
 * another window saved.
 */
export class FormSaver<Content> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next: { content: Content } | undefined;
  /** The contents sent since the last answer; any of them may have been saved. */
  private readonly sent = new Set<Content>();
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly ports: Ports<Content>,
    private version: number,
  ) {}

  /** Schedules a save of the current content. */
  change(content: Content): void {
    if (this.stopped) return;
    this.next = { content };
    this.ports.onState('dirty');
    this.schedule(debounceDelay);
  }

  /**
   * Stops, and saves the unsaved content immediately, without retries: the user leaves the form.
   * Resolves when no request is in flight.
   */
  async flush(): Promise<void> {
    const wasStopped = this.stopped;
    await this.stop();
    if (!this.next || wasStopped) return;
    this.start();
    await this.running;
  }

  /**
   * Stops saving, because the form was sent or its order no longer exists. Resolves when no request
   * is in flight.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Accepts changes again after a stop, when the form was not sent after all. */
  resume(): void {
    this.stopped = false;
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.running) this.start();
    }, delay);
  }

  private start(): void {
    this.running = this.save().then((delay) => {
      this.running = undefined;
      if (this.next && !this.stopped && delay !== undefined) this.schedule(delay);
    });
  }

  /**
   * Saves the newest content. Returns the delay before the next save, or undefined if another save
   * would be of no use.
   */
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
      return debounceDelay;
    } catch (error) {
      const failure = this.ports.classify(error);
      const changed = this.next !== undefined;
      this.next ??= item;
      this.stopped ||= failure === 'conflict';
      this.ports.onState(failure, error);
      if (failure === 'failed') return retryDelay;
      return changed ? debounceDelay : undefined;
    }
  }

  private async put(content: Content): Promise<number> {
    const before = [...this.sent];
    this.sent.add(content);
    try {
      return await this.ports.save(content, this.version);
    } catch (error) {
      if (before.length === 0 || this.ports.classify(error) !== 'conflict') throw error;
      const saved = await this.ports.read();
      if (!before.some((one) => this.ports.same(saved.content, one))) throw error;
      return await this.ports.save(content, saved.version);
    }
  }
}
