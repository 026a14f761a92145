import { noConnection, ProblemError } from '@/shared/api/problem';
import type { HashAnswer, HashRequest } from './hash.worker';

type Progress = (bytes: number) => void;

interface PendingDigest {
  progress: Progress;
  resolve: (hex: string) => void;
  reject: (error: Error) => void;
}

/** Computes SHA-256 digests in a worker. One worker serves all uploads of a page. */
export class Digester {
  private worker: Worker | undefined;
  private answered = false;
  private readonly pending = new Map<number, PendingDigest>();
  private lastId = 0;

  /** Returns the SHA-256 of a blob in hex, and reports the progress in bytes. */
  digest(blob: Blob, progress: Progress): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.pending.set(id, { progress, resolve, reject });
      this.getWorker().postMessage({ id, blob } satisfies HashRequest);
    });
  }

  close(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.pending.clear();
  }

  private getWorker(): Worker {
    if (!this.worker) {
      this.worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
      this.worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => this.handleAnswer(data);
      this.worker.onerror = () => this.fail();
      this.answered = false;
    }
    return this.worker;
  }

  private handleAnswer({ id, done, hex, problem }: HashAnswer): void {
    this.answered = true;
    const one = this.pending.get(id);
    if (!one) return;
    one.progress(done);
    if (hex === undefined && problem === undefined) return;
    this.pending.delete(id);
    if (hex === undefined) one.reject(unreadable());
    else one.resolve(hex);
  }

  /** A worker that fails before its first answer was not loaded. */
  private fail(): void {
    const cause = this.answered ? unreadable() : new ProblemError(noConnection());
    for (const one of this.pending.values()) one.reject(cause);
    this.close();
  }
}

function unreadable(): ProblemError {
  return new ProblemError({
    type: 'about:blank',
    code: 'file_unreadable',
    status: 0,
    title: 'Файл не прочитан',
    detail: 'Файл не удалось прочитать: возможно, он перемещён или изменён. Выберите его снова.',
  });
}

/** Converts a digest from hex to base64, which the storage expects for parts. */
export function base64OfHex(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''));
}
