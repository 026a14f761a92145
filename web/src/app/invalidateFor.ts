import type { Query, QueryClient } from '@tanstack/react-query';
import type { FeedEvent } from '@/shared/lib/events/feed';
import { resetOpenOrders, recordOpenOrder } from '@/shared/lib/openOrders';
import { sessionQuery } from '@/shared/auth/session';
import { queryKeys } from '@/shared/queryKeys';

/** What a notification that is not about an order may be about. */
const besideOrders = [
  queryKeys.session,
  queryKeys.staff.all,
  queryKeys.ownProfile,
  queryKeys.requisites,
  queryKeys.registry.all,
];

/**
 * Invalidates the queries that an event makes stale. Query keys are built so: ['order', id, …] for
 * one order, ['orders', …] for every list of orders, ['notifications', …].
 */
export function invalidateFor(queries: QueryClient, event: FeedEvent): void {
  switch (event.type) {
    case 'order':
      invalidate(queries, queryKeys.order.one(event.order));
      invalidate(queries, queryKeys.orders.all);
      // Who may write to whom follows from the stage.
      invalidate(queries, queryKeys.chats.one(event.order));
      return;
    case 'chat':
      readAgain(queries, queryKeys.chats.list);
      readAgain(queries, queryKeys.chats.unread);
      readAgain(queries, queryKeys.chats.ofOrder(event.order));
      readAgain(queries, queryKeys.chats.thread(event.order, event.engineer));
      return;
    case 'open-order':
      recordOpenOrder(queries, event);
      // A user who may still see a closed order gets an event of type order for it.
      if (event.stage === 'selection') invalidate(queries, queryKeys.order.one(event.order));
      return;
    case 'message':
      invalidate(queries, queryKeys.order.one(event.order));
      return;
    case 'notification':
      invalidate(queries, queryKeys.notifications.all);
      // An engineer whose offer has ended gets no event of type order any more.
      if (event.order) invalidate(queries, queryKeys.order.one(event.order));
      else for (const key of besideOrders) invalidate(queries, key);
      for (const key of [queryKeys.ownReviews.all, queryKeys.moderatedReviews.all]) invalidate(queries, key);
      return;
    case 'resync':
      resetOpenOrders(queries);
      invalidate(queries, []);
      return;
    case 'end':
      void queries.invalidateQueries(sessionQuery);
  }
}

/**
 * Invalidates the queries under a key. A first read in flight may have been answered before the
 * event and is not cancelled by the invalidation, so it is repeated when it ends.
 */
function invalidate(queries: QueryClient, queryKey: readonly string[]): void {
  for (const query of queries.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' })) {
    if (query.state.data !== undefined) continue; // invalidateQueries cancels and restarts it
    const again = () => void queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    query.promise?.then(again, again);
  }
  void queries.invalidateQueries({ queryKey });
}

/** The queries that will be read once more when the read in flight ends. */
const readOnceMore = new WeakSet<Query>();

/**
 * Invalidates the queries under a key, as often as they can be read: events of a lively chat come
 * faster than answers, and invalidate would cancel each read before it ends.
 */
function readAgain(queries: QueryClient, queryKey: readonly string[]): void {
  for (const query of queries.getQueryCache().findAll({ queryKey })) {
    const read = () => void queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    if (query.state.fetchStatus !== 'fetching') read();
    else if (!readOnceMore.has(query)) {
      readOnceMore.add(query);
      const again = () => {
        readOnceMore.delete(query);
        read();
      };
      query.promise?.then(again, again);
    }
  }
}
