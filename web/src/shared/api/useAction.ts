import { useMutation, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { type ActionKind, type Actions, sendAction, type SeenOrder, type Verdict } from './actions';
import { orderQuery } from './order';

/**
 * Sends one kind of action to an order, as it was when the person began with it. While it is pending the order has not judged it
 * yet; its error is a ProblemError for useProblem. The order's card is fresh when it is done.
 */
export function useAction<Kind extends ActionKind>(order: SeenOrder, kind: Kind) {
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all(
      [queryKeys.order.one(order.id), queryKeys.orders.all].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
  return useMutation<Verdict, Error, Actions[Kind]>({
    mutationFn: (body) => sendAction(order, kind, body),
    onSuccess: (verdict) => {
      if (verdict.order) queries.setQueryData(orderQuery(order.id).queryKey, verdict.order);
      return refresh();
    },
    // A refusal too says that the page is behind; its words do not wait for the readings.
    onError: () => void refresh(),
  });
}
