import { expect, it } from 'vitest';
import type { Action } from './actionForm';
import { openedByAddress } from './useOpenedAction';

const action = (kind: string, open: boolean) => ({ kind, open, title: kind }) as Action;

it('opens the form that the address names while its action is available', { meta: { covers: ['S-37'] } }, () => {
  const actions = [action('sign-contract', true), action('cancel', false)];
  const openedKind = (search: string) => openedByAddress(new URLSearchParams(search), actions)?.action.kind;
  expect(openedKind('action=sign-contract')).toBe('sign-contract');
  expect(openedKind('action=cancel')).toBeUndefined();
  expect(openedKind('action=nothing')).toBeUndefined();
  expect(openedKind('')).toBeUndefined();
});
