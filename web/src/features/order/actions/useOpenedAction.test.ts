import { expect, it } from 'vitest';
import type { Action } from './actionForm';
import { openedBy } from './useOpenedAction';

const action = (kind: string, open: boolean) => ({ kind, open, title: kind }) as Action;

it('opens the form that an address names, while its action is open', { meta: { covers: ['S-37'] } }, () => {
  const actions = [action('sign-contract', true), action('cancel', false)];
  const by = (search: string) => openedBy(new URLSearchParams(search), actions)?.action.kind;
  expect(by('action=sign-contract')).toBe('sign-contract');
  expect(by('action=cancel')).toBeUndefined();
  expect(by('action=nothing')).toBeUndefined();
  expect(by('')).toBeUndefined();
});
