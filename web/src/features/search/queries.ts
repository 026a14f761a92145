import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import type { Filters } from '@/shared/ui/list/useFilters';
import type { Opened } from '@/shared/lib/openOrders';
import type { paths } from '@/shared/api/schema.gen';
import { queryKeys } from '@/shared/queryKeys';

export type OpenOrder = Schema<'OpenOrder'>;

/** The filters of «Поиск по заказам» by their names in the address, which are those of the API. */
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

/** The orders that wait for an engineer, page by page. The total is that of all pages. */
export const openOrdersQuery = (filters: SearchFilters) =>
  infiniteQueryOptions({
    queryKey: queryKeys.orders.open(filters),
    queryFn: ({ pageParam, signal }) => {
      // The address holds texts; the API itself judges what they say.
      const query = { ...filters, limit: 20, ...(pageParam && { cursor: pageParam }) } as unknown as Query;
      return ask(api.GET('/api/open-orders', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** Whether an order that was opened just now is one of those that the filters let through. */
export const isFoundQuery = (filters: SearchFilters, { number, at }: Opened) =>
  queryOptions({
    queryKey: queryKeys.openOrders.found(filters, number, at),
    queryFn: async ({ signal }) => {
      if (filters.number && !number.includes(filters.number.trim())) return false;
      const query = { ...filters, number, limit: 1 } as unknown as Query;
      return (await ask(api.GET('/api/open-orders', { params: { query }, signal }))).total > 0;
    },
    staleTime: Infinity,
  });
