import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

/** The names of the filters in the address: the API's names, but the price is in roubles. */
export const oneFilters = [
  'name',
  'workKind',
  'priceTo',
  'ratingFrom',
  'experienceFrom',
  'form',
  'receives',
  'sro',
  'number',
  'sort',
] as const;
export const manyFilters = ['region'] as const;
export type EngineerFilters = Filters<(typeof oneFilters)[number], (typeof manyFilters)[number]>;

type Query = NonNullable<paths['/api/engineers']['get']['parameters']['query']>;

/** The found engineers, page by page. */
export const engineersQuery = (filters: EngineerFilters) =>
  infiniteQueryOptions({
    queryKey: queryKeys.publicEngineers.list(filters),
    queryFn: ({ pageParam, signal }) => {
      const { priceTo, ...others } = filters;
      // The address contains texts; the API validates them.
      const query = {
        ...others,
        ...(priceTo && { priceTo: /^\d{1,12}$/.test(priceTo) ? `${priceTo}00` : priceTo }),
        ...(pageParam && { cursor: pageParam }),
      } as unknown as Query;
      return unwrap(api.GET('/api/engineers', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export const engineerQuery = (engineer: string) =>
  queryOptions({
    queryKey: queryKeys.publicEngineers.one(engineer),
    queryFn: ({ signal }) => unwrap(api.GET('/api/engineers/{engineer}', { params: { path: { engineer } }, signal })),
  });

export const comparisonQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: queryKeys.publicEngineers.compared(ids),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/engineer-comparison', { params: { query: { id: [...ids] } }, signal }))).items,
    enabled: ids.length > 0,
  });

/** The user's own orders that await an engineer, with the reason why one cannot be offered to him. */
export const offerableQuery = (engineer: string) =>
  queryOptions({
    queryKey: queryKeys.publicEngineers.offerable(engineer),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/engineers/{engineer}/offerable-orders', { params: { path: { engineer } }, signal })))
        .items,
  });
