import { offline, problemOf, ProblemError, type Problem, type ProblemCode } from '@/shared/api/problem';
import type { Schema } from '@/shared/api/client';
import { base64OfHex } from './digest';

type StoredFile = Schema<'File'>;

/** The functions that an upload calls. */
export interface UploadPorts {
  /** Returns the SHA-256 of a blob in hex. */
  digest: (blob: Blob, progress: (bytes: number) => void) => Promise<string>;
  declare: (declaration: Schema<'FileDeclaration'>) => Promise<StoredFile>;
  getStatus: (file: string) => Promise<StoredFile>;
  sign: (file: string, part: Schema<'PartDeclaration'>) => Promise<Schema<'PartOutputBody'>>;
  /** Sends one part to the storage; fails with a StorageFailure. */
  put: (
    target: Schema<'PartOutputBody'>,
    part: Blob,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  complete: (file: string, parts: Schema<'Item'>[]) => Promise<StoredFile>;
  /** The id of the upload that was started for a content, possibly in a tab that is closed now. */
  started: {
    get: (sha256: string) => string | undefined;
    set: (sha256: string, file: string) => void;
    remove: (sha256: string) => void;
  };
  /** Resolves after a delay, or as soon as another attempt makes sense. */
  wait: (attempt: number, signal: AbortSignal) => Promise<void>;
}

/** The storage did not accept a part. The status is 0 when there was no answer. */
export class StorageFailure extends Error {
  constructor(readonly status: number) {
    super(`the storage answered ${status}`);
    this.name = 'StorageFailure';
  }
}

export type Phase = 'hashing' | 'uploading' | 'reconnecting' | 'paused' | 'checking' | 'stored' | 'failed';

/**
 * The state of an upload. done is the number of bytes hashed in the phase hashing, and of bytes
 * sent afterwards.
 */
export interface UploadState {
  phase: Phase;
  done: number;
  sha256?: string;
  file?: StoredFile;
  problem?: Problem;
}

/** The number of consecutive refusals of a part by the storage after which the upload fails. */
const maxRefusals = 5;

/**
 * Uploads one file to the storage: hashes it, declares it, sends it in parts, and waits for the
 * check. During a lost connection it waits.
 */
export class Upload {
  state: UploadState = { phase: 'hashing', done: 0 };
  private stop = new AbortController();
  private readonly partHashes = new Map<number, string>();

  constructor(
    readonly source: File,
    private readonly ports: UploadPorts,
    private readonly changed: () => void,
  ) {}

  /** Starts the upload, or resumes it after a pause or a failure. */
  async run(): Promise<void> {
    const stop = new AbortController();
    this.stop = stop;
    this.update({ phase: this.state.sha256 ? 'uploading' : 'hashing', problem: undefined });
    try {
      await this.transfer(stop.signal);
    } catch (error) {
      if (this.stop !== stop) return; // a later run has taken over
      if (stop.signal.aborted) this.update({ phase: 'paused' });
      else this.update({ phase: 'failed', problem: problemOfUpload(error) });
    }
  }

  pause(): void {
    this.stop.abort();
    this.update({ phase: 'paused' });
  }

  private async transfer(signal: AbortSignal): Promise<void> {
    const sha256 = await this.hashSource(signal);
    let file = await this.withRetry(signal, () => this.findOrDeclare(sha256));
    this.ports.started.set(sha256, file.id);
    this.update({ file });
    if (file.state === 'uploading') file = await this.sendAndComplete(file, signal);
    file = await this.waitForCheck(file, signal);
    this.ports.started.remove(sha256);
    if (file.state === 'rejected') {
      throw new ProblemError(
        problem('file_rejected', 'Файл отклонён', file.problem ?? 'Проверка файла не прошла. Загрузите его ещё раз.'),
      );
    }
    this.update({ phase: 'stored', done: this.source.size, file });
  }

  private async hashSource(signal: AbortSignal): Promise<string> {
    if (this.state.sha256) return this.state.sha256;
    this.update({ phase: 'hashing', done: 0 });
    const sha256 = await this.ports.digest(this.source, (done) => !signal.aborted && this.update({ done }));
    signal.throwIfAborted();
    this.update({ sha256, done: 0 });
    return sha256;
  }

  /** Returns the earlier upload of this content, or declares a new one. */
  private async findOrDeclare(sha256: string): Promise<StoredFile> {
    const startedId = this.ports.started.get(sha256);
    if (startedId) {
      const file = await this.ports.getStatus(startedId).catch((error: unknown) => {
        if (error instanceof ProblemError && error.status === 404) return undefined;
        throw error;
      });
      if (file && file.state !== 'rejected' && file.sha256 === sha256) return file;
      this.ports.started.remove(sha256);
    }
    const { name, size, type } = this.source;
    return this.ports.declare({ name, size, sha256, ...(type && { type }) });
  }

  private async sendAndComplete(file: StoredFile, signal: AbortSignal): Promise<StoredFile> {
    const size = file.partSize ?? this.source.size;
    const storedParts = new Set(file.parts);
    let sent = bytesOf([...storedParts], size, this.source.size);
    this.update({ phase: 'uploading', done: sent });
    for (let part = 1; (part - 1) * size < this.source.size; part++) {
      if (storedParts.has(part)) continue;
      const blob = this.source.slice((part - 1) * size, part * size);
      await this.withRetry(signal, () => this.sendPart(file.id, part, blob, sent, signal));
      sent += blob.size;
      this.update({ phase: 'uploading', done: sent });
    }
    this.update({ phase: 'checking' });
    const parts = [...this.partHashes].map(([part, sha256]) => ({ part, sha256 }));
    return this.withRetry(signal, () => this.ports.complete(file.id, parts));
  }

  private async sendPart(file: string, part: number, blob: Blob, before: number, signal: AbortSignal): Promise<void> {
    const sha256 = this.partHashes.get(part) ?? base64OfHex(await this.ports.digest(blob, () => undefined));
    this.partHashes.set(part, sha256);
    const target = await this.ports.sign(file, { part, length: blob.size, sha256 });
    signal.throwIfAborted();
    await this.ports.put(
      target,
      blob,
      (bytes) => !signal.aborted && this.update({ phase: 'uploading', done: before + bytes }),
      signal,
    );
  }

  /** Waits until the platform has checked the complete file. */
  private async waitForCheck(file: StoredFile, signal: AbortSignal): Promise<StoredFile> {
    for (let attempt = 1; file.state === 'checking'; attempt++) {
      this.update({ phase: 'checking', file });
      await this.ports.wait(attempt, signal);
      file = await this.withRetry(signal, () => this.ports.getStatus(file.id));
    }
    return file;
  }

  /**
   * Retries a step while the connection is lost, and a limited number of times when the storage
   * refuses it.
   */
  private async withRetry<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    const { phase } = this.state;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const result = await step();
        signal.throwIfAborted();
        if (this.state.phase === 'reconnecting') this.update({ phase });
        return result;
      } catch (error) {
        if (signal.aborted || !isRetryable(error, attempt)) throw error;
        this.update({ phase: 'reconnecting' });
        await this.ports.wait(attempt, signal);
      }
    }
  }

  private update(change: Omit<Partial<UploadState>, 'problem'> & { problem?: Problem | undefined }): void {
    const { problem: nextProblem, ...rest } = { ...this.state, ...change };
    this.state = nextProblem ? { ...rest, problem: nextProblem } : rest;
    this.changed();
  }
}

/** Returns the total size of the parts in bytes. */
export function bytesOf(parts: readonly number[], partSize: number, total: number): number {
  return parts.reduce((sum, part) => sum + Math.max(0, Math.min(partSize, total - (part - 1) * partSize)), 0);
}

function isRetryable(error: unknown, attempt: number): boolean {
  if (error instanceof StorageFailure) return error.status === 0 || attempt < maxRefusals;
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

function problem(code: ProblemCode, title: string, detail: string): Problem {
  return { type: 'about:blank', code, status: 0, title, detail };
}
