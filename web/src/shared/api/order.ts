import { queryOptions } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { api, ask, type Schema } from './client';
import { allPages } from './pages';

export type OrderCard = Schema<'OrderCard'>;

/** An order as the person may see it. The key is the one under which actions put their answers. */
export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.card(order),
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
