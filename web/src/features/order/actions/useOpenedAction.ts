import { useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';

/** An action whose form is open. */
export interface OpenedAction {
  action: Action;
  /** What is filled in already, by where the form was opened from. */
  preset?: object;
}

const parameter = 'action';

/**
 * The action whose form is open. Its name stands in the card's address, so that whoever has to sign in in the middle of it comes back
 * to the form, where what he typed is kept.
 */
export function useOpenedAction(card: OrderCard) {
  const [search, setSearch] = useSearchParams();
  const state: unknown = useLocation().state;
  const [opened, setOpened] = useState(() => openedBy(search, card.actions));
  const name = (kind: string | undefined) =>
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
      setOpened(next);
      name(next.action.kind);
    },
    close: () => {
      setOpened(undefined);
      name(undefined);
    },
  };
}

/** The action that an address names, while the person may do it. */
export function openedBy(search: URLSearchParams, actions: readonly Action[]): OpenedAction | undefined {
  const action = actions.find(({ kind, open }) => open && kind === search.get(parameter));
  return action && { action };
}
