import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

export type Account = Schema<'Account'>;
export type AccountCard = Schema<'AccountCard'>;

/** The names of the filters in the address, which are the API's names. */
export const accountFilters = ['name', 'number', 'status', 'role'] as const;

type Query = NonNullable<paths['/api/moderation/accounts']['get']['parameters']['query']>;

/** The accounts of people by name, page by page. */
export const accountsQuery = (filters: Filters<(typeof accountFilters)[number], never>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.accounts.list(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/moderation/accounts', {
          params: { query: { ...(filters as Query), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** One account with the latest decisions on it. */
export const accountQuery = (person: string) =>
  queryOptions({
    queryKey: queryKeys.accounts.one(person),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/moderation/accounts/{person}', { params: { path: { person } }, signal })),
  });

/** The decisions on an account, newest first, page by page. */
export const accountDecisionsQuery = (person: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.accounts.decisions(person),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/moderation/accounts/{person}/decisions', {
          params: { path: { person }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
