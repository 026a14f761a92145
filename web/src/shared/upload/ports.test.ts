import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { putPart, stallTime } from './ports';
import { StorageFailure } from './upload';

/** The request on its way, as the test moves it. */
let line: FakeRequest;

class FakeRequest {
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  status = 0;
  onload?: () => void;
  onabort?: () => void;
  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- putPart makes the request that the test moves
    line = this;
  }
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {
    this.onabort?.();
  }
}

describe('a part on its way to the storage', () => {
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

  it('takes as long as the line needs while something gets through', async () => {
    const { end, done } = send();
    for (let minute = 1; minute <= 30; minute++) {
      vi.advanceTimersByTime(stallTime - 1);
      line.upload.onprogress?.({ loaded: minute });
    }
    line.status = 200;
    line.onload?.();
    await done;
    expect(end).toHaveBeenCalledWith('sent');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is given up for another try once nothing gets through', async () => {
    const { end, done } = send();
    vi.advanceTimersByTime(stallTime);
    await done;
    expect(end.mock.calls[0]?.[0]).toBeInstanceOf(StorageFailure);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { end, done } = send(stop.signal);
    stop.abort();
    await done;
    expect(end.mock.calls[0]?.[0]).toMatchObject({ name: 'AbortError' });
  });
});
