import type { QueryClient } from '@tanstack/react-query';
import type { FeedEvent } from '@/shared/lib/events/feed';
import { forgetOpenOrders, hearOfOpenOrder } from '@/shared/lib/openOrders';
import { sessionQuery } from '@/shared/auth/session';
import { queryKeys } from '@/shared/queryKeys';

/**
 * Reads anew what an event makes stale. Pages name their readings so: ['order', id, …] for one order, ['orders', …] for every list
 * of orders, ['notifications', …].
 */
export function refresh(queries: QueryClient, event: FeedEvent): void {
  switch (event.type) {
    case 'order':
      stale(queries, queryKeys.order.one(event.order));
      stale(queries, queryKeys.orders.all);
      return;
    case 'open-order':
      hearOfOpenOrder(queries, event);
      // Who may still see one that is closed hears of it as of his order.
      if (event.stage === 'selection') stale(queries, queryKeys.order.one(event.order));
      return;
    case 'message':
      stale(queries, queryKeys.order.one(event.order));
      return;
    case 'notification':
      stale(queries, queryKeys.notifications.all);
      return;
    case 'resync':
      forgetOpenOrders(queries);
      stale(queries, []);
      return;
    case 'end':
      void queries.invalidateQueries(sessionQuery);
  }
}

/** A first reading that is under way may have been answered before what the event tells, and goes on: it is made once more. */
function stale(queries: QueryClient, queryKey: readonly string[]): void {
  for (const query of queries.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' })) {
    if (query.state.data !== undefined) continue; // is cancelled and begun anew
    const again = () => void queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    query.promise?.then(again, again);
  }
  void queries.invalidateQueries({ queryKey });
}
