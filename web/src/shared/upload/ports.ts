import { api, ask } from '@/shared/api/client';
import { storageOr } from '@/shared/lib/memoryStorage';
import type { Digester } from './digest';
import { StorageFailure, type UploadPorts } from './upload';

/** Uploads to an order through the API and straight to the storage. */
export function orderPorts(order: string, digester: Digester): UploadPorts {
  const inOrder = { order };
  const of = (file: string) => ({ params: { path: { order, file } } });
  return {
    digest: (blob, progress) => digester.digest(blob, progress),
    declare: async (body) =>
      (await ask(api.POST('/api/orders/{order}/files', { params: { path: inOrder }, body }))).file,
    look: async (file) => (await ask(api.GET('/api/orders/{order}/files/{file}', of(file)))).file,
    sign: (file, body) => ask(api.POST('/api/orders/{order}/files/{file}/parts', { ...of(file), body })),
    put: putPart,
    complete: async (file, parts) =>
      (await ask(api.POST('/api/orders/{order}/files/{file}/complete', { ...of(file), body: { parts } }))).file,
    begun: begunIn(order, storageOr('localStorage')),
    wait: pauseOrOnline,
  };
}

/** Remembers by content which upload was begun, so that a closed tab costs only the part that was on its way. */
function begunIn(order: string, storage: Storage): UploadPorts['begun'] {
  const slot = (sha256: string) => `epkr.upload.${order}.${sha256}`;
  return {
    recall: (sha256) => storage.getItem(slot(sha256)) ?? undefined,
    remember: (sha256, file) => {
      try {
        storage.setItem(slot(sha256), file);
      } catch {
        // A full storage only means that a closed tab begins anew.
      }
    },
    forget: (sha256) => storage.removeItem(slot(sha256)),
  };
}

/** How long nothing of a part may get through before it is sent anew, milliseconds. A slow line needs as long as it needs. */
export const stallTime = 60_000;

/** fetch tells no progress of what it sends, so this is XMLHttpRequest. */
export const putPart: UploadPorts['put'] = ({ url, headers }, part, progress, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let watch: ReturnType<typeof setTimeout> | undefined;
    let stalled = false;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        stalled = true;
        request.abort();
      }, stallTime);
    };
    const settle = (finish: () => void) => () => {
      clearTimeout(watch);
      signal.removeEventListener('abort', abort);
      finish();
    };
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      alive();
      progress(loaded);
    };
    request.onload = settle(() => (request.status < 300 ? resolve() : reject(new StorageFailure(request.status))));
    request.onerror = settle(() => reject(new StorageFailure(0)));
    request.onabort = settle(() => reject(stalled ? new StorageFailure(0) : new DOMException('stopped', 'AbortError')));
    signal.addEventListener('abort', abort);
    alive();
    request.send(part);
  });

/** Half a second at first, twenty at most; at once when the browser says that it is online again. */
function pauseOrOnline(attempt: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(new DOMException('stopped', 'AbortError'));
      else resolve();
    };
    const timer = setTimeout(end, Math.min(500 * 2 ** (attempt - 1), 20_000));
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
