import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';
import { left } from './form/leaving';

export type OrderLine = Schema<'OrderLine'>;
export type SavedForm = Schema<'SavedForm'>;

/** The filters of «Мои заказы» by their names in the address, which are those of the API. */
export const oneFilters = ['number', 'publishedFrom', 'publishedTo', 'overdue', 'sort'] as const;
/** The moderators' list of all orders has one sorting. */
export const unsortedFilters = oneFilters.filter((name) => name !== 'sort');
export const manyFilters = ['stage', 'region', 'workKind'] as const;
export type OrderFilters = Filters<(typeof oneFilters)[number] | 'engineer', (typeof manyFilters)[number]>;

type Query = NonNullable<paths['/api/orders']['get']['parameters']['query']>;

/** The orders of the person in his role, page by page. The total is that of all pages. */
export const ordersQuery = (filters: OrderFilters) =>
  infiniteQueryOptions({
    queryKey: queryKeys.orders.mine(filters),
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/orders', {
          params: { query: { ...(filters as Query), limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** The form as it was saved last. It is read when the form opens and not again: what is typed wins. */
export const formQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.form(order),
    queryFn: async ({ signal }) => {
      await left(order);
      return ask(api.GET('/api/orders/{order}/form', { params: { path: { order } }, signal }));
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
