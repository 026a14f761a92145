import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** The number of unread notifications. */
export const unreadQuery = queryOptions({
  queryKey: queryKeys.notifications.unread,
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/notifications', { params: { query: { limit: 1 } }, signal }))).unread,
});

/** The notifications, newest first. */
export const notificationsQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: queryKeys.notifications.list(unread),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/notifications', {
          params: { query: { limit: 20, unread, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
