import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';
import { openedQuery } from '@/shared/lib/openOrders';
import { queryKeys } from '@/shared/queryKeys';
import { invalidateFor } from './invalidateFor';

const place = { region: '77', workKind: 'map-plan' };
const order = '11111111-1111-1111-1111-111111111111';

/** Observes the query of an order; each read waits until the test resolves it. */
function page() {
  const queries = new QueryClient();
  const pendingReads: ((stage: string) => void)[] = [];
  const observer = new QueryObserver<string>(queries, {
    queryKey: ['order', order, 'card'],
    queryFn: () => new Promise((resolve) => pendingReads.push(resolve)),
    staleTime: Infinity,
  });
  const leave = observer.subscribe(() => undefined);
  return { queries, pendingReads, shown: () => observer.getCurrentResult().data, leave };
}

it('repeats a first read that was in flight when the event came', async () => {
  const { queries, pendingReads, shown, leave } = page();
  expect(pendingReads).toHaveLength(1);
  invalidateFor(queries, { type: 'order', order, seq: 2, id: 7 });
  pendingReads[0]?.('selection');
  await vi.waitFor(() => expect(pendingReads).toHaveLength(2));
  pendingReads[1]?.('contract');
  await vi.waitFor(() => expect(shown()).toBe('contract'));
  leave();
});

it('leaves the queries of other orders alone', async () => {
  const { queries, pendingReads, shown, leave } = page();
  invalidateFor(queries, { type: 'message', order: 'another', message: 'm', verdict: 'applied' });
  pendingReads[0]?.('selection');
  await vi.waitFor(() => expect(shown()).toBe('selection'));
  expect(pendingReads).toHaveLength(1);
  leave();
});

it('invalidates the card of an order while it is open, and does not move the lists', async () => {
  const { queries, pendingReads, shown, leave } = page();
  pendingReads[0]?.('selection');
  await vi.waitFor(() => expect(shown()).toBe('selection'));
  queries.setQueryData(['orders', 'open'], []);
  invalidateFor(queries, { type: 'open-order', order, number: '2026-000001', stage: 'cancelled', ...place });
  expect(pendingReads).toHaveLength(1);
  expect(queries.getQueryData(openedQuery.queryKey)).toBeUndefined();
  invalidateFor(queries, { type: 'open-order', order, number: '2026-000001', stage: 'selection', ...place });
  expect(pendingReads).toHaveLength(2);
  expect(queries.getQueryData(openedQuery.queryKey)?.map(({ number }) => number)).toEqual(['2026-000001']);
  invalidateFor(queries, { type: 'open-order', order: 'another', number: '2026-000002', stage: 'selection', ...place });
  expect(
    queries.getQueryData(openedQuery.queryKey)?.map(({ number }) => number),
    'another order removes none',
  ).toEqual(['2026-000002', '2026-000001']);
  expect(queries.getQueryState(['orders', 'open'])?.isInvalidated).toBe(false);
  leave();
});

it('drops what the stream reported once events may have been missed', () => {
  const queries = new QueryClient();
  invalidateFor(queries, { type: 'open-order', order, number: '2026-000001', stage: 'contract', ...place });
  expect(queries.getQueryData(['open', 'stage', order])).toBe('contract');
  invalidateFor(queries, { type: 'resync' });
  expect(queries.getQueryData(['open', 'stage', order])).toBeUndefined();
});

it.each([
  { about: 'the staff', event: {}, key: queryKeys.staff.own, stale: true },
  { about: 'the session, whose restrictions may have changed', event: {}, key: queryKeys.session, stale: true },
  { about: 'the reviews', event: { order }, key: queryKeys.ownReviews.list, stale: true },
  { about: 'the staff, of a notification of an order', event: { order }, key: queryKeys.staff.own, stale: false },
])('reads after a notification $about', ({ event, key, stale }) => {
  const queries = new QueryClient();
  for (const queryKey of [key, queryKeys.notifications.unread]) queries.setQueryData(queryKey, 'read');
  invalidateFor(queries, { type: 'notification', id: 1, ...event });
  expect(queries.getQueryState(queryKeys.notifications.unread)?.isInvalidated).toBe(true);
  expect(queries.getQueryState(key)?.isInvalidated).toBe(stale);
});

it('reads a chat again after the read in flight, once for however many events', async () => {
  const queries = new QueryClient();
  const pendingReads: (() => void)[] = [];
  const observer = new QueryObserver(queries, {
    queryKey: queryKeys.chats.thread(order, 'engineer'),
    queryFn: () => new Promise<number>((resolve) => pendingReads.push(() => resolve(pendingReads.length))),
    staleTime: Infinity,
  });
  const leave = observer.subscribe(() => undefined);
  for (let seq = 1; seq <= 5; seq++) invalidateFor(queries, { type: 'chat', order, engineer: 'engineer', seq });
  expect(pendingReads, 'no read is cancelled').toHaveLength(1);
  pendingReads[0]?.();
  await vi.waitFor(() => expect(pendingReads).toHaveLength(2));
  invalidateFor(queries, { type: 'chat', order: 'another', engineer: 'engineer', seq: 6 });
  pendingReads[1]?.();
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe(2));
  expect(pendingReads).toHaveLength(2);
  leave();
});
