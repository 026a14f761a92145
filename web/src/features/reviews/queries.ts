import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

export const reviewsQuery = (engineer: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.publicEngineers.reviews(engineer),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/engineers/{engineer}/reviews', {
          params: { path: { engineer }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export const ownRatingQuery = queryOptions({
  queryKey: queryKeys.ownReviews.rating,
  queryFn: ({ signal }) => unwrap(api.GET('/api/engineer/rating', { signal })),
});

export const ownReviewsQuery = infiniteQueryOptions({
  queryKey: queryKeys.ownReviews.list,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/engineer/reviews', { params: { query: { ...(pageParam && { cursor: pageParam }) } }, signal }),
    ),
  initialPageParam: '',
  getNextPageParam: ({ next }) => next,
});

export const moderatedFilters = ['hidden', 'changed'] as const;

export const moderatedReviewsQuery = ({ hidden, changed }: Filters<(typeof moderatedFilters)[number], never>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.moderatedReviews.list(hidden === 'true', changed === 'true'),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/moderation/reviews', {
          params: {
            query: { hidden: hidden === 'true', changed: changed === 'true', ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
