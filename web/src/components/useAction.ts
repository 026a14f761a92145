import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ActionKind, type Actions, sendAction, type Verdict } from '../api/actions';

/**
 * Sends one kind of action to an order. While it is pending the order has not judged it yet; its error is a ProblemError for
 * useProblem. The order's card is fresh when it is done.
 */
export function useAction<Kind extends ActionKind>(order: string, kind: Kind) {
  const queries = useQueryClient();
  return useMutation<Verdict, Error, Actions[Kind]>({
    mutationFn: (body) => sendAction(order, kind, body),
    onSuccess: (verdict) => {
      if (verdict.order) queries.setQueryData(['order', order, 'card'], verdict.order);
    },
    // A refusal too says that the page is behind.
    onSettled: () => Promise.all([['order', order], ['orders']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
