import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';
import { pendingSave } from './form/pendingSaves';

export type OrderLine = Schema<'OrderLine'>;
export type SavedForm = Schema<'SavedForm'>;

/** The names of the filters of «Мои заказы» in the address, which are the API's names. */
export const oneFilters = ['number', 'publishedFrom', 'publishedTo', 'overdue', 'sort'] as const;
/** The moderators' list of all orders has a fixed order. */
export const unsortedFilters = oneFilters.filter((name) => name !== 'sort');
export const manyFilters = ['stage', 'region', 'workKind'] as const;
export type OrderFilters = Filters<(typeof oneFilters)[number] | 'engineer', (typeof manyFilters)[number]>;

type Query = NonNullable<paths['/api/orders']['get']['parameters']['query']>;

/** The orders of the user in his role, page by page. total counts all pages. */
export const ordersQuery = (filters: OrderFilters) =>
  infiniteQueryOptions({
    queryKey: queryKeys.orders.mine(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/orders', {
          params: { query: { ...(filters as Query), limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/**
 * The last saved form. It is read only when the form opens, because later edits take precedence.
 */
export const formQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.form(order),
    queryFn: async ({ signal }) => {
      await pendingSave(order);
      return unwrap(api.GET('/api/orders/{order}/form', { params: { path: { order } }, signal }));
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
