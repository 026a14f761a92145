import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { acting, actingHeader } from './acting';
import { createOrder, sendAction } from './actions';
import { api, unwrap } from './client';

const identity = 'person.customer.party';
const sent: Request[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('window', { location: { origin: 'http://epkr.test' } });
  const RealRequest = globalThis.Request;
  vi.stubGlobal(
    'Request',
    class extends RealRequest {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' && input.startsWith('/') ? `http://epkr.test${input}` : input, init);
      }
    },
  );
  vi.stubGlobal('fetch', (request: Request) => {
    sent.push(request);
    return Promise.resolve(Response.json({ message: { state: 'applied' } }));
  });
  acting.setIdentity(identity);
});

afterEach(() => {
  acting.setIdentity(undefined);
  vi.unstubAllGlobals();
});

describe('the account that a request names', { meta: { covers: ['R-AUTH-13'] } }, () => {
  it('is in the header of every call of the client, whatever its method', async () => {
    const order = { id: 'o', seq: 1 };
    await createOrder();
    await sendAction(order, 'cancel', undefined as never);
    const path = 'http://epkr.test/api/anything' as never;
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const)
      await unwrap((api[method] as (path: never) => Promise<{ response: Response }>)(path));
    expect(sent).toHaveLength(7);
    expect(sent.map(({ headers }) => headers.get(actingHeader))).toEqual(sent.map(() => identity));
  });

  it('is sent to the platform only', async () => {
    await unwrap(api.GET('http://storage.test/api/x' as never));
    expect(sent[0]?.headers.has(actingHeader)).toBe(false);
  });

  it('is not sent before an account is set', async () => {
    acting.setIdentity(undefined);
    await createOrder();
    expect(sent[0]?.headers.has(actingHeader)).toBe(false);
    expect(acting.streamAddress('/api/events')).toBe('/api/events');
  });

  it('is a parameter of the event stream', () =>
    expect(acting.streamAddress('/api/events')).toBe('/api/events?for=person.customer.party'));
});
