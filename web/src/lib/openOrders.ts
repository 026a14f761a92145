import { type QueryClient, queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import type { FeedEvent } from './events/feed';

// What the stream of events tells of the orders that wait for an engineer. Nobody reads it from the API.

const told = { queryFn: skipToken, staleTime: Infinity } as const;

/** The stage in which an order is by the stream. */
const stageQuery = (order: string) => queryOptions<string>({ queryKey: ['open', 'stage', order], ...told });

/** The number of the order that was opened last. */
export const openedQuery = queryOptions<string>({ queryKey: ['open', 'newest'], ...told });

export function hearOfOpenOrder(queries: QueryClient, { order, number, stage }: Extract<FeedEvent, { type: 'open-order' }>): void {
  queries.setQueryData(stageQuery(order).queryKey, stage);
  if (stage === 'selection') queries.setQueryData(openedQuery.queryKey, number);
}

/** Why nobody can respond to an order any more, as far as the stream has told; undefined while it is open. */
export function useClosing(order: string): string | undefined {
  return closingText(useQuery(stageQuery(order)).data);
}

export function closingText(stage: string | undefined): string | undefined {
  if (!stage || stage === 'selection') return undefined;
  return stage === 'cancelled' ? 'Заказчик отменил заказ' : 'Заказ взял другой исполнитель';
}
