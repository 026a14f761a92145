import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '@/shared/lib/memoryStorage';

vi.stubGlobal('window', { sessionStorage: memoryStorage() });
const { createOrder, sendAction } = await import('./actions');

const order = '00000000-0000-4000-8000-000000000001';
const message = { id: 'm', order, kind: 'leave-order', state: 'applied', receivedAt: '2026-11-24T10:00:00Z' };
const pending = { message: { ...message, state: 'pending' } };
const problem = (status: number, code: string) => ({ type: '', title: 'т', status, code, detail: 'д' });

/** Answers by turns; 'lost' breaks the connection. */
function answers(...all: ([number, unknown] | 'lost')[]) {
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

const act = (reason: string, seq = 5) => sendAction({ id: order, seq }, 'leave-order', { text: { note: reason } });

describe('actions on an order', { meta: { covers: ['S-35'] } }, () => {
  const real = globalThis.Request;
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.stubGlobal('Request', real);
  });

  it('repeats an action whose answer was lost under its first key', async () => {
    const sent = answers('lost', [503, problem(503, 'acceptance_unknown')], [200, { message }]);
    await expect(act('a')).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await expect(act('a')).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await expect(act('a')).resolves.toMatchObject({ state: 'applied' });
    expect(new Set(sent.keys()).size).toBe(1);
  });

  it('takes the same words for another action when the person has seen the order move on', async () => {
    const sent = answers('lost', [200, { message }], [200, { message }]);
    await expect(act('g', 5)).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await act('g', 6);
    expect(new Set(sent.keys()).size).toBe(2);
  });

  it('leads to the same draft after a lost answer, and a while later to another one', async () => {
    const sent = answers('lost', 'lost', [200, { message }]);
    await expect(createOrder()).rejects.toMatchObject({ code: 'acceptance_unknown' });
    vi.advanceTimersByTime(2 * 60_000);
    await expect(createOrder()).rejects.toMatchObject({ code: 'acceptance_unknown' });
    vi.advanceTimersByTime(2 * 60_000);
    await createOrder();
    const [first, repeated, later] = sent.keys();
    expect(repeated).toBe(first);
    expect(later).not.toBe(first);
  });

  it('keeps the key over a sign-in after a lost answer', async () => {
    const sent = answers('lost', [401, problem(401, 'session_expired')], [200, { message }]);
    await expect(act('f')).rejects.toMatchObject({ code: 'acceptance_unknown' });
    await expect(act('f')).rejects.toMatchObject({ code: 'session_expired' });
    await act('f');
    expect(new Set(sent.keys()).size).toBe(1);
  });

  it('sends the next one under another key once there is a verdict', async () => {
    const sent = answers([200, { message }], [409, problem(409, 'wrong_stage')], [200, { message }]);
    await act('b');
    await expect(act('b')).rejects.toMatchObject({ code: 'wrong_stage' });
    await act('b');
    expect(new Set(sent.keys()).size).toBe(3);
  });

  it('waits for a verdict that takes longer', async () => {
    const sent = answers([202, pending], [200, pending], 'lost', [200, { message }]);
    const verdict = act('c');
    await vi.advanceTimersByTimeAsync(6_000);
    await expect(verdict).resolves.toMatchObject({ state: 'applied' });
    expect(sent.requests.at(-1)?.url).toBe(`http://platform/api/orders/${order}/messages/m`);
  });

  it('tells the reason when the later verdict is a refusal', async () => {
    answers(
      [202, pending],
      [200, { message: { ...message, state: 'refused', code: 'wrong_stage', reason: 'Уже поздно.' } }],
    );
    const verdict = expect(act('d')).rejects.toMatchObject({ problem: { code: 'wrong_stage', detail: 'Уже поздно.' } });
    await vi.advanceTimersByTimeAsync(2_000);
    await verdict;
  });

  it('lets the person go on when no verdict comes for a minute, and keeps the key', async () => {
    const many = Array.from({ length: 40 }, (): [number, unknown] => [200, pending]);
    const sent = answers([202, pending], ...many);
    const verdict = act('e');
    await vi.advanceTimersByTimeAsync(62_000);
    await expect(verdict).resolves.toMatchObject({ state: 'pending' });
    const again = act('e').catch(() => undefined);
    await vi.advanceTimersByTimeAsync(70_000);
    await again;
    const posted = sent.requests
      .filter((request) => request.method === 'POST')
      .map((request) => request.headers.get('Idempotency-Key'));
    expect(posted).toHaveLength(2);
    expect(posted[0]).toBe(posted[1]);
  });
});
