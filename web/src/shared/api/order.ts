import { queryOptions } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { api, unwrap, type Schema } from './client';
import { allPages } from './pages';

export type OrderCard = Schema<'OrderCard'>;

/**
 * The card of an order as the user may see it. Actions put the cards that they return under the
 * same key.
 */
export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.card(order),
    queryFn: async ({ signal }) =>
      completeCard(await unwrap(api.GET('/api/orders/{order}', { params: { path: { order } }, signal })), signal),
  });

/** Completes the lists of a card: of very long ones the API returns only a part. */
async function completeCard(card: OrderCard, signal: AbortSignal): Promise<OrderCard> {
  const path = { order: card.id };
  const [documents, responses] = await Promise.all([
    card.moreDocuments
      ? allPages((cursor) =>
          unwrap(api.GET('/api/orders/{order}/documents', { params: { path, query: { cursor } }, signal })),
        )
      : card.documents,
    card.moreResponses
      ? allPages((cursor) =>
          unwrap(api.GET('/api/orders/{order}/responses', { params: { path, query: { cursor } }, signal })),
        )
      : card.responses,
  ]);
  return { ...card, documents, responses };
}
