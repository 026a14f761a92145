import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import { allPages } from '@/shared/api/pages';

export type OrderCard = Schema<'OrderCard'>;
export type HistoryEvent = Schema<'HistoryEvent'>;

/** An order as the person may see it. The key is the one under which actions put their answers. */
export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order, 'card'],
    queryFn: async ({ signal }) =>
      completeCard(await ask(api.GET('/api/orders/{order}', { params: { path: { order } }, signal })), signal),
  });

/** Of very long lists a card has a part: here it gets the rest. */
async function completeCard(card: OrderCard, signal: AbortSignal): Promise<OrderCard> {
  const path = { order: card.id };
  const [documents, responses] = await Promise.all([
    card.moreDocuments
      ? allPages((cursor) =>
          ask(api.GET('/api/orders/{order}/documents', { params: { path, query: { cursor } }, signal })),
        )
      : card.documents,
    card.moreResponses
      ? allPages((cursor) =>
          ask(api.GET('/api/orders/{order}/responses', { params: { path, query: { cursor } }, signal })),
        )
      : card.responses,
  ]);
  return { ...card, documents, responses };
}

/** The files of an order that stand in no document, page by page. */
export const looseFilesQuery = (order: string) =>
  infiniteQueryOptions({
    queryKey: ['order', order, 'loose-files'],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/orders/{order}/files', {
          params: { path: { order }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** What happened to an order, oldest first. */
export const historyQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order, 'history'],
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        ask(api.GET('/api/orders/{order}/history', { params: { path: { order }, query: { cursor } }, signal })),
      ),
  });
