import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '@/shared/lib/memoryStorage';

vi.stubGlobal('window', { sessionStorage: memoryStorage() });
const { createOrder, sendAction } = await import('./actions');

const order = '00000000-0000-4000-8000-000000000001';
const message = { id: 'm', order, kind: 'leave-order', state: 'applied', receivedAt: '2026-11-24T10:00:00Z' };
const pending = { message: { ...message, state: 'pending' } };
const problem = (status: number, code: string) => ({ type: '', title: 'т', status, code, detail: 'д' });

/** Stubs fetch with these answers in turn; 'lost' breaks the connection. */
function stubAnswers(...all: ([number, unknown] | 'lost')[]) {
  const requests: Request[] = [];
  const relative = globalThis.Request;
  vi.stubGlobal(
    'Request',
    class extends relative {
      constructor(address: string, init?: RequestInit) {
        super(new URL(address, 'http://platform'), init);
      }
    },
  );
  vi.stubGlobal('fetch', async (request: Request) => {
    requests.push(request);
    const next = all.shift();
    if (!next || next === 'lost') throw new TypeError('fetch failed');
    return new Response(JSON.stringify(next[1]), { status: next[0] });
  });
  const keys = () => requests.map((request) => request.headers.get('Idempotency-Key'));
  return { requests, keys };
}

const leaveOrder = (reason: string, seq = 5) =>
  sendAction({ id: order, seq }, 'leave-order', { text: { note: reason } });

describe('actions on an order', { meta: { covers: ['S-35'] } }, () => {
  const real = globalThis.Request;
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.stubGlobal('Request', real);
  });

  it('repeats an action with its first key when the answer was lost', async () => {
    const sent = stubAnswers('lost', [503, problem(503, 'acceptance_unknown')], [200, { message }]);
    await expect(leaveOrder('a')).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await expect(leaveOrder('a')).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await expect(leaveOrder('a')).resolves.toMatchObject({ state: 'applied' });
    expect(new Set(sent.keys()).size).toBe(1);
  });

  it('uses a new key for the same content when the user has seen a later version of the order', async () => {
    const sent = stubAnswers('lost', [200, { message }], [200, { message }]);
    await expect(leaveOrder('g', 5)).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await leaveOrder('g', 6);
    expect(new Set(sent.keys()).size).toBe(2);
  });

  it('creates one draft after a lost answer, and another one three minutes later', async () => {
    const sent = stubAnswers('lost', 'lost', [200, { message }]);
    await expect(createOrder()).rejects.toMatchObject({ code: 'acceptance_unknown' });
    vi.advanceTimersByTime(2 * 60_000);
    await expect(createOrder()).rejects.toMatchObject({ code: 'acceptance_unknown' });
    vi.advanceTimersByTime(2 * 60_000);
    await createOrder();
    const [first, repeated, later] = sent.keys();
    expect(repeated).toBe(first);
    expect(later).not.toBe(first);
  });

  it('keeps the key through a sign-in after a lost answer', async () => {
    const sent = stubAnswers('lost', [401, problem(401, 'session_expired')], [200, { message }]);
    await expect(leaveOrder('f')).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await expect(leaveOrder('f')).rejects.toMatchObject({ code: 'session_expired' });
    await leaveOrder('f');
    expect(new Set(sent.keys()).size).toBe(1);
  });

  it('uses a new key once there is a verdict', async () => {
    const sent = stubAnswers([200, { message }], [409, problem(409, 'wrong_stage')], [200, { message }]);
    await leaveOrder('b');
    await expect(leaveOrder('b')).rejects.toMatchObject({ code: 'wrong_stage' });
    await leaveOrder('b');
    expect(new Set(sent.keys()).size).toBe(3);
  });

  it('polls for a verdict that takes longer', async () => {
    const sent = stubAnswers([202, pending], [200, pending], 'lost', [200, { message }]);
    const verdict = leaveOrder('c');
    await vi.advanceTimersByTimeAsync(6_000);
    await expect(verdict).resolves.toMatchObject({ state: 'applied' });
    expect(sent.requests.at(-1)?.url).toBe(`http://platform/api/orders/${order}/messages/m`);
  });

  it('throws the reason when the later verdict is a refusal', async () => {
    stubAnswers(
      [202, pending],
      [200, { message: { ...message, state: 'refused', code: 'wrong_stage', reason: 'Уже поздно.' } }],
    );
    const verdict = expect(leaveOrder('d')).rejects.toMatchObject({
      problem: { code: 'wrong_stage', detail: 'Уже поздно.' },
    });
    await vi.advanceTimersByTimeAsync(2_000);
    await verdict;
  });

  it('resolves as pending when no verdict comes for a minute, and keeps the key', async () => {
    const many = Array.from({ length: 40 }, (): [number, unknown] => [200, pending]);
    const sent = stubAnswers([202, pending], ...many);
    const verdict = leaveOrder('e');
    await vi.advanceTimersByTimeAsync(62_000);
    await expect(verdict).resolves.toMatchObject({ state: 'pending' });
    const again = leaveOrder('e').catch(() => undefined);
    await vi.advanceTimersByTimeAsync(70_000);
    await again;
    const posted = sent.requests
      .filter((request) => request.method === 'POST')
      .map((request) => request.headers.get('Idempotency-Key'));
    expect(posted).toHaveLength(2);
    expect(posted[0]).toBe(posted[1]);
  });
});
