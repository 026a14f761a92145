import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import type { Filters } from '@/shared/ui/list/useFilters';
import type { OpenedOrder } from '@/shared/lib/openOrders';
import type { paths } from '@/shared/api/schema.gen';
import { queryKeys } from '@/shared/queryKeys';

export type OpenOrder = Schema<'OpenOrder'>;

/** The names of the filters of «Поиск по заказам» in the address, which are the API's names. */
export const oneFilters = [
  'place',
  'number',
  'termDateTo',
  'termDaysTo',
  'withoutResponses',
  'prepayment',
  'priced',
  'sort',
] as const;
export const manyFilters = ['region', 'workKind', 'customer'] as const;
export type SearchFilters = Filters<(typeof oneFilters)[number], (typeof manyFilters)[number]>;

type Query = NonNullable<paths['/api/open-orders']['get']['parameters']['query']>;

/** The open orders, page by page. total counts all pages. */
export const openOrdersQuery = (filters: SearchFilters) =>
  infiniteQueryOptions({
    queryKey: queryKeys.orders.open(filters),
    queryFn: ({ pageParam, signal }) => {
      // The address contains texts; the API validates them.
      const query = { ...filters, limit: 20, ...(pageParam && { cursor: pageParam }) } as unknown as Query;
      return unwrap(api.GET('/api/open-orders', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** Whether a newly published order matches the filters. */
export const matchesFiltersQuery = (filters: SearchFilters, { number, region, workKind, at }: OpenedOrder) =>
  queryOptions({
    queryKey: queryKeys.openOrders.found(filters, number, at),
    queryFn: async ({ signal }) => {
      if (filters.number && !number.includes(filters.number.trim())) return false;
      if (excludes(filters.region, region) || excludes(filters.workKind, workKind)) return false;
      const query = { ...filters, number, limit: 1 } as unknown as Query;
      return (await unwrap(api.GET('/api/open-orders', { params: { query }, signal }))).total > 0;
    },
    staleTime: Infinity,
  });

/** Whether a filter excludes a code; a stream of an older platform reports none. */
export const excludes = (chosen: string[] | undefined, code: string | undefined) =>
  Boolean(code && chosen?.length && !chosen.includes(code));
