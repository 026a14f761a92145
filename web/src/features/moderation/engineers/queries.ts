import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

export type Engineer = Schema<'ModeratedEngineer'>;
export type EngineerCard = Schema<'ModeratedEngineerCard'>;

/** The filters by their names in the address, which are those of the API. */
export const engineerFilters = ['name', 'number', 'snils', 'standing'] as const;

type Query = NonNullable<paths['/api/moderation/engineers']['get']['parameters']['query']>;

/** The engineers of the registry by name, page by page. */
export const engineersQuery = (filters: Filters<(typeof engineerFilters)[number], never>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.engineers.list(filters),
    queryFn: ({ pageParam, signal }) =>
      ask(
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
      ask(
        api.GET('/api/moderation/engineers/{engineer}/decisions', {
          params: { path: { engineer }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items?.some(isUnderWay)) ? lookEvery : false,
  });

/** How often a decision that is being carried out is looked at, ms: no event tells of it. */
const lookEvery = 2_000;

const isUnderWay = ({ applied, overtaken }: Pick<Schema<'PastDecision'>, 'applied' | 'overtaken'>) =>
  !applied && !overtaken;

/** One engineer with the decisions on him. */
export const engineerQuery = (engineer: string) =>
  queryOptions({
    queryKey: queryKeys.engineers.one(engineer),
    queryFn: ({ signal }) =>
      ask(api.GET('/api/moderation/engineers/{engineer}', { params: { path: { engineer } }, signal })),
    refetchInterval: ({ state }) => (state.data?.decisions.some(isUnderWay) ? lookEvery : false),
  });
