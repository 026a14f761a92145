import { ProblemError } from '@/shared/api/problem';
import type { HashAnswer, HashRequest } from './hash.worker';

type Progress = (bytes: number) => void;

interface Waiting {
  progress: Progress;
  resolve: (hex: string) => void;
  reject: (error: Error) => void;
}

/** Sums blobs with SHA-256 in a worker of its own. One worker serves all uploads of a page. */
export class Digester {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /** The SHA-256 of a blob in hex; progress is told in bytes. */
  digest(blob: Blob, progress: Progress): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = ++this.last;
      this.waiting.set(id, { progress, resolve, reject });
      this.open().postMessage({ id, blob } satisfies HashRequest);
    });
  }

  close(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.waiting.clear();
  }

  private open(): Worker {
    if (!this.worker) {
      this.worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
      this.worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => this.take(data);
      this.worker.onerror = () => this.fail();
    }
    return this.worker;
  }

  private take({ id, done, hex, problem }: HashAnswer): void {
    const one = this.waiting.get(id);
    if (!one) return;
    one.progress(done);
    if (hex === undefined && problem === undefined) return;
    this.waiting.delete(id);
    if (hex === undefined) one.reject(unreadable());
    else one.resolve(hex);
  }

  private fail(): void {
    for (const one of this.waiting.values()) one.reject(unreadable());
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

/** Base64 of a digest in hex, as the storage wants it for parts. */
export function base64OfHex(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''));
}
