import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { allPages } from '@/shared/api/pages';
import { queryKeys } from '@/shared/queryKeys';

export type HistoryEvent = Schema<'HistoryEvent'>;

/** The files of an order that belong to no document, page by page. */
export const unattachedFilesQuery = (order: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.order.unattachedFiles(order),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/orders/{order}/files', {
          params: { path: { order }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** The history of an order, the oldest event first. */
export const historyQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.history(order),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(api.GET('/api/orders/{order}/history', { params: { path: { order }, query: { cursor } }, signal })),
      ),
  });
