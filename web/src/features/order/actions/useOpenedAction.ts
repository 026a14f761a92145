import { useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';
import { mayBegin } from './nextAction';

/** An action whose form is open. */
export interface OpenedAction {
  action: Action;
  /** Values that are filled in by the place from which the form was opened. */
  preset?: object;
}

const parameter = 'action';

/**
 * Returns the action whose form is open. Its name is a parameter of the card's address, so that a
 * user who must sign in in between comes back to the form, where his draft is restored. A form that
 * the address names before the order allows it opens as soon as the order does.
 */
export function useOpenedAction(card: OrderCard) {
  const [search, setSearch] = useSearchParams();
  const state: unknown = useLocation().state;
  const [opened, setOpened] = useState<OpenedAction>();
  const [awaited, setAwaited] = useState(() => search.has(parameter));
  const named = awaited && openedByAddress(search, card.actions);
  if (named) {
    setAwaited(false);
    setOpened(named);
  }
  const setParameter = (kind: string | undefined) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (kind) next.set(parameter, kind);
        else next.delete(parameter);
        return next;
      },
      { replace: true, state, preventScrollReset: true },
    );
  return {
    opened,
    open: (next: OpenedAction) => {
      setAwaited(false);
      setOpened(next);
      setParameter(next.action.kind);
    },
    close: () => {
      setAwaited(false);
      setOpened(undefined);
      setParameter(undefined);
    },
  };
}

/** Returns the action that the address names, if it is available to the user. */
export function openedByAddress(search: URLSearchParams, actions: readonly Action[]): OpenedAction | undefined {
  const action = actions.find((one) => mayBegin(one) && one.kind === search.get(parameter));
  return action && { action };
}
