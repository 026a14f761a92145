import { type QueryClient, queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import type { FeedEvent } from './events/feed';
import { queryKeys } from '@/shared/queryKeys';

// What the stream of events tells of the orders that wait for an engineer. Nobody reads it from the API.

const told = { queryFn: skipToken, staleTime: Infinity } as const;

/** The stage in which an order is by the stream. */
const stageQuery = (order: string) => queryOptions<string>({ queryKey: queryKeys.openOrders.stage(order), ...told });

/** An order that was opened, or changed while it is open, and when the page heard of it, in milliseconds. */
export interface Opened {
  number: string;
  at: number;
}

/** The orders that were opened last, the newest first. */
export const openedQuery = queryOptions<Opened[]>({ queryKey: queryKeys.openOrders.newest, ...told });

/** So many are kept: who has not looked for longer sees that there is something new all the same. */
const mostOpened = 10;

export function hearOfOpenOrder(
  queries: QueryClient,
  { order, number, stage }: Extract<FeedEvent, { type: 'open-order' }>,
): void {
  queries.setQueryData(stageQuery(order).queryKey, stage);
  if (stage !== 'selection') return;
  queries.setQueryData(openedQuery.queryKey, (before = []) => [
    { number, at: Date.now() },
    ...before.filter((one) => one.number !== number).slice(0, mostOpened - 1),
  ]);
}

/** What was told may have been missed in part: what is read anew counts. */
export function forgetOpenOrders(queries: QueryClient): void {
  void queries.resetQueries({ queryKey: queryKeys.openOrders.stages });
}

/** Why nobody can respond to an order any more, as far as the stream has told; undefined while it is open. */
export function useClosing(order: string): string | undefined {
  return closingText(useQuery(stageQuery(order)).data);
}

export function closingText(stage: string | undefined): string | undefined {
  if (!stage || stage === 'selection') return undefined;
  return stage === 'cancelled' ? 'Заказчик отменил заказ' : 'Выбран другой исполнитель';
}
