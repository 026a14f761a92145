import { useMutation, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { type ActionKind, type Actions, sendAction, type SeenOrder, type Verdict } from './actions';
import { orderQuery } from './order';

/**
 * Sends one kind of action to the version of the order that the user saw. isPending is true until
 * there is a verdict; the error is a ProblemError for useProblem. Afterwards the queries of the
 * order and of the lists are invalidated.
 */
export function useAction<Kind extends ActionKind>(order: SeenOrder, kind: Kind) {
  const queries = useQueryClient();
  const invalidate = () =>
    Promise.all(
      [queryKeys.order.one(order.id), queryKeys.orders.all].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
  return useMutation<Verdict, Error, Actions[Kind]>({
    mutationFn: (body) => sendAction(order, kind, body),
    onSuccess: (verdict) => {
      if (verdict.order) queries.setQueryData(orderQuery(order.id).queryKey, verdict.order);
      return invalidate();
    },
    // A refusal also means that the page is outdated. Its message does not wait for the queries.
    onError: () => void invalidate(),
  });
}
