import { queryOptions } from '@tanstack/react-query';
import { api, type Schema, unwrap } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import { queryKeys } from '@/shared/queryKeys';

export type GoskeyRequest = Schema<'SigningRequest'>;
export type GoskeyAction = GoskeyRequest['action'];

/** Milliseconds between two looks at a signature that is awaited. */
const pause = 3_000;

/** Reports whether a signature may still come. */
export const isPending = ({ state }: GoskeyRequest) => ['sending', 'waiting', 'signed'].includes(state);

/** Whether the customer can sign in «Госключ», and his last signature there for each action. */
export const goskeyQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.goskey(order),
    queryFn: ({ signal }) => unwrap(api.GET('/api/orders/{order}/goskey', { params: { path: { order } }, signal })),
    refetchInterval: ({ state }) => (state.data?.requests.some(isPending) ? pause : false),
  });

/** Sends a document to «Госключ». */
export const signInGoskey = (order: string, action: GoskeyAction, document: string) =>
  underKey(`goskey ${order}`, { action, document }, (key) =>
    unwrap(
      api.POST('/api/orders/{order}/goskey', {
        params: { path: { order }, header: { 'Idempotency-Key': key } },
        body: { action, document },
      }),
    ),
  );
