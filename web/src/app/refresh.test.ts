import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';
import { openedQuery } from '@/shared/lib/openOrders';
import { refresh } from './refresh';

const order = '11111111-1111-1111-1111-111111111111';

/** A page that reads an order; each reading waits to be answered. */
function page() {
  const queries = new QueryClient();
  const answers: ((stage: string) => void)[] = [];
  const observer = new QueryObserver<string>(queries, {
    queryKey: ['order', order, 'card'],
    queryFn: () => new Promise((resolve) => answers.push(resolve)),
    staleTime: Infinity,
  });
  const leave = observer.subscribe(() => undefined);
  return { queries, answers, shown: () => observer.getCurrentResult().data, leave };
}

it('reads once more what was being read for the first time when the event came', async () => {
  const { queries, answers, shown, leave } = page();
  expect(answers).toHaveLength(1);
  refresh(queries, { type: 'order', order, seq: 2, id: 7 });
  answers[0]?.('selection');
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.('contract');
  await vi.waitFor(() => expect(shown()).toBe('contract'));
  leave();
});

it('leaves a reading of another order alone', async () => {
  const { queries, answers, shown, leave } = page();
  refresh(queries, { type: 'message', order: 'another', message: 'm', verdict: 'applied' });
  answers[0]?.('selection');
  await vi.waitFor(() => expect(shown()).toBe('selection'));
  expect(answers).toHaveLength(1);
  leave();
});

it('reads the card of an open order anew while it is open, and leaves lists to who reads them', async () => {
  const { queries, answers, shown, leave } = page();
  answers[0]?.('selection');
  await vi.waitFor(() => expect(shown()).toBe('selection'));
  queries.setQueryData(['orders', 'open'], []);
  refresh(queries, { type: 'open-order', order, number: '2026-000001', stage: 'cancelled' });
  expect(answers).toHaveLength(1);
  expect(queries.getQueryData(openedQuery.queryKey)).toBeUndefined();
  refresh(queries, { type: 'open-order', order, number: '2026-000001', stage: 'selection' });
  expect(answers).toHaveLength(2);
  expect(queries.getQueryData(openedQuery.queryKey)?.map(({ number }) => number)).toEqual(['2026-000001']);
  refresh(queries, { type: 'open-order', order: 'another', number: '2026-000002', stage: 'selection' });
  expect(
    queries.getQueryData(openedQuery.queryKey)?.map(({ number }) => number),
    'another one takes nothing away',
  ).toEqual(['2026-000002', '2026-000001']);
  expect(queries.getQueryState(['orders', 'open'])?.isInvalidated).toBe(false);
  leave();
});

it('believes what it reads anew, and not what the stream told before something may have been missed', () => {
  const queries = new QueryClient();
  refresh(queries, { type: 'open-order', order, number: '2026-000001', stage: 'contract' });
  expect(queries.getQueryData(['open', 'stage', order])).toBe('contract');
  refresh(queries, { type: 'resync' });
  expect(queries.getQueryData(['open', 'stage', order])).toBeUndefined();
});
