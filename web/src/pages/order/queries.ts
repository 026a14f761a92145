import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '../../api/client';

export type OrderCard = Schema<'OrderCard'>;
export type HistoryEvent = Schema<'HistoryEvent'>;

/** An order as the person may see it. The key is the one under which actions put their answers. */
export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order, 'card'],
    queryFn: ({ signal }) => ask(api.GET('/api/orders/{order}', { params: { path: { order } }, signal })),
  });

/** What happened to an order, oldest first. */
export const historyQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order, 'history'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/orders/{order}/history', { params: { path: { order } }, signal }))).items,
  });
