import type { StageCode } from '@/shared/codes';
import { type QueryClient, queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import type { FeedEvent } from './events/feed';
import { queryKeys } from '@/shared/queryKeys';

// What the event stream reports about the orders that are open to engineers. None of it is read
// from the API.

const streamOnly = { queryFn: skipToken, staleTime: Infinity } as const;

/** The stage of an order as the stream last reported it. */
const stageQuery = (order: string) =>
  queryOptions<StageCode>({ queryKey: queryKeys.openOrders.stage(order), ...streamOnly });

/**
 * An order that was published, or changed while it is open, and when the page received the event,
 * in milliseconds.
 */
export interface OpenedOrder {
  number: string;
  region: string;
  workKind: string;
  at: number;
}

/** The orders that were published last, the newest first. */
export const openedQuery = queryOptions<OpenedOrder[]>({ queryKey: queryKeys.openOrders.newest, ...streamOnly });

/** A user who was away longer still sees that there are new orders. */
const maxOpened = 10;

export function recordOpenOrder(
  queries: QueryClient,
  { order, number, stage, region, workKind }: Extract<FeedEvent, { type: 'open-order' }>,
): void {
  queries.setQueryData(stageQuery(order).queryKey, stage);
  if (stage !== 'selection') return;
  queries.setQueryData(openedQuery.queryKey, (before = []) => [
    { number, region, workKind, at: Date.now() },
    ...before.filter((one) => one.number !== number).slice(0, maxOpened - 1),
  ]);
}

/**
 * Drops the reported stages: events may have been missed, so only data that is read again is valid.
 */
export function resetOpenOrders(queries: QueryClient): void {
  void queries.resetQueries({ queryKey: queryKeys.openOrders.stages });
}

/**
 * Returns why nobody can respond to an order any more, as far as the stream has reported it;
 * undefined while it is open.
 */
export function useClosingReason(order: string): string | undefined {
  return closingText(useQuery(stageQuery(order)).data);
}

export function closingText(stage: StageCode | undefined): string | undefined {
  if (!stage || stage === 'selection') return undefined;
  return stage === 'cancelled' ? 'Заказчик отменил заказ' : 'Выбран другой исполнитель';
}
