import { offline, problemOf, ProblemError, type Problem } from '@/shared/api/problem';
import type { Schema } from '@/shared/api/client';
import { base64OfHex } from './digest';

type StoredFile = Schema<'File'>;

/** What an upload needs of the world around it. */
export interface UploadPorts {
  /** The SHA-256 of a blob in hex. */
  digest: (blob: Blob, progress: (bytes: number) => void) => Promise<string>;
  declare: (declaration: Schema<'FileDeclaration'>) => Promise<StoredFile>;
  look: (file: string) => Promise<StoredFile>;
  sign: (file: string, part: Schema<'PartDeclaration'>) => Promise<Schema<'PartOutputBody'>>;
  /** Sends one part to the storage. Its failures are StorageFailure. */
  put: (
    target: Schema<'PartOutputBody'>,
    part: Blob,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  complete: (file: string, parts: Schema<'Item'>[]) => Promise<StoredFile>;
  /** Which upload of this content was begun before, perhaps in a tab that is closed now. */
  begun: {
    recall: (sha256: string) => string | undefined;
    remember: (sha256: string, file: string) => void;
    forget: (sha256: string) => void;
  };
  /** Resolves after a while, or as soon as trying again makes sense. */
  wait: (attempt: number, signal: AbortSignal) => Promise<void>;
}

/** The storage did not take a part: status 0 when nothing came back. */
export class StorageFailure extends Error {
  constructor(readonly status: number) {
    super(`the storage answered ${status}`);
    this.name = 'StorageFailure';
  }
}

export type Phase = 'hashing' | 'uploading' | 'reconnecting' | 'paused' | 'checking' | 'stored' | 'failed';

/** How an upload stands. done counts bytes: of the sum while hashing, of the transfer afterwards. */
export interface UploadState {
  phase: Phase;
  done: number;
  sha256?: string;
  file?: StoredFile;
  problem?: Problem;
}

/** So often in a row may the storage refuse a part that reached it. */
const refusals = 5;

/** One file on its way to the storage: summed, declared, sent part by part, checked. A lost connection only makes it wait. */
export class Upload {
  state: UploadState = { phase: 'hashing', done: 0 };
  private stop = new AbortController();
  private readonly sums = new Map<number, string>();

  constructor(
    readonly source: File,
    private readonly ports: UploadPorts,
    private readonly changed: () => void,
  ) {}

  /** Begins, or goes on after a pause or a failure. */
  async run(): Promise<void> {
    const stop = new AbortController();
    this.stop = stop;
    this.show({ phase: this.state.sha256 ? 'uploading' : 'hashing', problem: undefined });
    try {
      await this.transfer(stop.signal);
    } catch (error) {
      if (this.stop !== stop) return; // a later run goes on with it
      if (stop.signal.aborted) this.show({ phase: 'paused' });
      else this.show({ phase: 'failed', problem: problemOfUpload(error) });
    }
  }

  pause(): void {
    this.stop.abort();
    this.show({ phase: 'paused' });
  }

  private async transfer(signal: AbortSignal): Promise<void> {
    const sha256 = await this.sum(signal);
    let file = await this.retried(signal, () => this.open(sha256));
    this.ports.begun.remember(sha256, file.id);
    this.show({ file });
    if (file.state === 'uploading') file = await this.sendAndComplete(file, signal);
    file = await this.checked(file, signal);
    this.ports.begun.forget(sha256);
    if (file.state === 'rejected') {
      throw new ProblemError(
        problem('file_rejected', 'Файл отклонён', file.problem ?? 'Проверка файла не прошла. Загрузите его ещё раз.'),
      );
    }
    this.show({ phase: 'stored', done: this.source.size, file });
  }

  private async sum(signal: AbortSignal): Promise<string> {
    if (this.state.sha256) return this.state.sha256;
    this.show({ phase: 'hashing', done: 0 });
    const sha256 = await this.ports.digest(this.source, (done) => !signal.aborted && this.show({ done }));
    signal.throwIfAborted();
    this.show({ sha256, done: 0 });
    return sha256;
  }

  /** The upload that was begun with this content, or a new one. */
  private async open(sha256: string): Promise<StoredFile> {
    const known = this.ports.begun.recall(sha256);
    if (known) {
      const file = await this.ports.look(known).catch((error: unknown) => {
        if (error instanceof ProblemError && error.status === 404) return undefined;
        throw error;
      });
      if (file && file.state !== 'rejected' && file.sha256 === sha256) return file;
      this.ports.begun.forget(sha256);
    }
    const { name, size, type } = this.source;
    return this.ports.declare({ name, size, sha256, ...(type && { type }) });
  }

  private async sendAndComplete(file: StoredFile, signal: AbortSignal): Promise<StoredFile> {
    const size = file.partSize ?? this.source.size;
    const arrived = new Set(file.parts);
    let sent = bytesOf([...arrived], size, this.source.size);
    this.show({ phase: 'uploading', done: sent });
    for (let part = 1; (part - 1) * size < this.source.size; part++) {
      if (arrived.has(part)) continue;
      const blob = this.source.slice((part - 1) * size, part * size);
      await this.retried(signal, () => this.sendPart(file.id, part, blob, sent, signal));
      sent += blob.size;
      this.show({ phase: 'uploading', done: sent });
    }
    this.show({ phase: 'checking' });
    const parts = [...this.sums].map(([part, sha256]) => ({ part, sha256 }));
    return this.retried(signal, () => this.ports.complete(file.id, parts));
  }

  private async sendPart(file: string, part: number, blob: Blob, before: number, signal: AbortSignal): Promise<void> {
    const sha256 = this.sums.get(part) ?? base64OfHex(await this.ports.digest(blob, () => undefined));
    this.sums.set(part, sha256);
    const target = await this.ports.sign(file, { part, length: blob.size, sha256 });
    signal.throwIfAborted();
    await this.ports.put(
      target,
      blob,
      (bytes) => !signal.aborted && this.show({ phase: 'uploading', done: before + bytes }),
      signal,
    );
  }

  /** Waits for the platform's own check of the whole. */
  private async checked(file: StoredFile, signal: AbortSignal): Promise<StoredFile> {
    for (let attempt = 1; file.state === 'checking'; attempt++) {
      this.show({ phase: 'checking', file });
      await this.ports.wait(attempt, signal);
      file = await this.retried(signal, () => this.ports.look(file.id));
    }
    return file;
  }

  /** Repeats a step while the connection is away, and some times when the storage refuses it. */
  private async retried<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    const { phase } = this.state;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const result = await step();
        signal.throwIfAborted();
        if (this.state.phase === 'reconnecting') this.show({ phase });
        return result;
      } catch (error) {
        if (signal.aborted || !mayPass(error, attempt)) throw error;
        this.show({ phase: 'reconnecting' });
        await this.ports.wait(attempt, signal);
      }
    }
  }

  private show(change: Omit<Partial<UploadState>, 'problem'> & { problem?: Problem | undefined }): void {
    const { problem: shown, ...rest } = { ...this.state, ...change };
    this.state = shown ? { ...rest, problem: shown } : rest;
    this.changed();
  }
}

/** How many bytes these parts are. */
export function bytesOf(parts: readonly number[], partSize: number, total: number): number {
  return parts.reduce((sum, part) => sum + Math.max(0, Math.min(partSize, total - (part - 1) * partSize)), 0);
}

function mayPass(error: unknown, attempt: number): boolean {
  if (error instanceof StorageFailure) return error.status === 0 || attempt < refusals;
  return error instanceof ProblemError && (error.code === offline || error.status >= 500 || error.status === 429);
}

function problemOfUpload(error: unknown): Problem {
  if (!(error instanceof StorageFailure)) return problemOf(error);
  return problem(
    'storage_refused',
    'Файл не загружен',
    'Хранилище не приняло часть файла. Нажмите «Продолжить», чтобы повторить.',
  );
}

function problem(code: string, title: string, detail: string): Problem {
  return { type: 'about:blank', code, status: 0, title, detail };
}
