import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { putPart, stallTime } from './ports';
import { StorageFailure } from './upload';

/** The request in flight, which the test controls. */
let current: FakeRequest;

class FakeRequest {
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  status = 0;
  onload?: () => void;
  onabort?: () => void;
  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- putPart creates the request that the test controls
    current = this;
  }
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {
    this.onabort?.();
  }
}

describe('the upload of a part', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const send = (signal = new AbortController().signal) => {
    const end = vi.fn<(how: unknown) => void>();
    const sent = putPart({ url: 'https://storage.example/', headers: {} }, new Blob(['x']), () => undefined, signal);
    return { end, done: sent.then(() => end('sent'), end) };
  };

  it('continues as long as there is progress', async () => {
    const { end, done } = send();
    for (let minute = 1; minute <= 30; minute++) {
      vi.advanceTimersByTime(stallTime - 1);
      current.upload.onprogress?.({ loaded: minute });
    }
    current.status = 200;
    current.onload?.();
    await done;
    expect(end).toHaveBeenCalledWith('sent');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails for another attempt when there is no progress', async () => {
    const { end, done } = send();
    vi.advanceTimersByTime(stallTime);
    await done;
    expect(end.mock.calls[0]?.[0]).toBeInstanceOf(StorageFailure);
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const { end, done } = send(stop.signal);
    stop.abort();
    await done;
    expect(end.mock.calls[0]?.[0]).toMatchObject({ name: 'AbortError' });
  });
});
