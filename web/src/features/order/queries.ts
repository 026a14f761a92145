import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import { allPages } from '@/shared/api/pages';
import { queryKeys } from '@/shared/queryKeys';

export type HistoryEvent = Schema<'HistoryEvent'>;

/** The files of an order that stand in no document, page by page. */
export const looseFilesQuery = (order: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.order.looseFiles(order),
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/orders/{order}/files', {
          params: { path: { order }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** What happened to an order, oldest first. */
export const historyQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.history(order),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        ask(api.GET('/api/orders/{order}/history', { params: { path: { order }, query: { cursor } }, signal })),
      ),
  });
