import { storageOr } from '@/shared/lib/memoryStorage';
import type { Digester } from './digest';
import type { UploadTarget } from './targets';
import { StorageFailure, type UploadPorts } from './upload';

/** Implements the ports with the API of a target and requests to the storage. */
export function portsOf({ key, declare, getStatus, sign, complete }: UploadTarget, digester: Digester): UploadPorts {
  return {
    digest: (blob, progress) => digester.digest(blob, progress),
    declare,
    getStatus,
    sign,
    put: putPart,
    complete,
    started: startedUploads(key, storageOr('localStorage')),
    wait: waitOrOnline,
  };
}

/**
 * Stores which upload of a content was started, so that a closed tab loses only the part in flight.
 */
function startedUploads(target: string, storage: Storage): UploadPorts['started'] {
  const slot = (sha256: string) => `epkr.upload.${target}.${sha256}`;
  return {
    get: (sha256) => storage.getItem(slot(sha256)) ?? undefined,
    set: (sha256, file) => {
      try {
        storage.setItem(slot(sha256), file);
      } catch {
        // With a full storage an upload restarts from the beginning after the tab is closed.
      }
    },
    remove: (sha256) => storage.removeItem(slot(sha256)),
  };
}

/**
 * Milliseconds without progress after which a part is sent again. A slow connection has as long as
 * it needs.
 */
export const stallTime = 60_000;

/** Uses XMLHttpRequest, because fetch reports no upload progress. */
export const putPart: UploadPorts['put'] = ({ url, headers }, part, progress, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    let stalled = false;
    const restartWatchdog = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        stalled = true;
        request.abort();
      }, stallTime);
    };
    const finishWith = (finish: () => void) => () => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', abort);
      finish();
    };
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      restartWatchdog();
      progress(loaded);
    };
    request.onload = finishWith(() => (request.status < 300 ? resolve() : reject(new StorageFailure(request.status))));
    request.onerror = finishWith(() => reject(new StorageFailure(0)));
    request.onabort = finishWith(() =>
      reject(stalled ? new StorageFailure(0) : new DOMException('stopped', 'AbortError')),
    );
    signal.addEventListener('abort', abort);
    restartWatchdog();
    request.send(part);
  });

/**
 * Waits half a second at first and twenty seconds at most, or until the browser is online again.
 */
function waitOrOnline(attempt: number, signal: AbortSignal): Promise<void> {
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
