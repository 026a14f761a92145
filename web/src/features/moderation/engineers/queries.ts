import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

export type Engineer = Schema<'ModeratedEngineer'>;
export type EngineerCard = Schema<'ModeratedEngineerCard'>;

/** The names of the filters in the address, which are the API's names. */
export const engineerFilters = ['name', 'number', 'snils', 'status'] as const;

type Query = NonNullable<paths['/api/moderation/engineers']['get']['parameters']['query']>;

/** The engineers of the registry by name, page by page. */
export const engineersQuery = (filters: Filters<(typeof engineerFilters)[number], never>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.engineers.list(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/moderation/engineers', {
          params: { query: { ...(filters as Query), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** The decisions on an engineer, newest first, page by page. */
export const decisionsQuery = (engineer: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.engineers.decisions(engineer),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/moderation/engineers/{engineer}/decisions', {
          params: { path: { engineer }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items?.some(isInProgress)) ? pollInterval : false,
  });

/**
 * How often a decision is polled while it is being carried out, in ms: no event reports its
 * completion.
 */
const pollInterval = 2_000;

const isInProgress = ({ applied, overtaken }: Pick<Schema<'PastDecision'>, 'applied' | 'overtaken'>) =>
  !applied && !overtaken;

/** One engineer with the latest decisions on him. */
export const engineerQuery = (engineer: string) =>
  queryOptions({
    queryKey: queryKeys.engineers.one(engineer),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/moderation/engineers/{engineer}', { params: { path: { engineer } }, signal })),
    refetchInterval: ({ state }) => (state.data?.decisions.some(isInProgress) ? pollInterval : false),
  });
