import { describe, expect, it } from 'vitest';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';
import { answersProposal, closedWithReason, nextAction, stepTakenBy } from './nextAction';

const action = (kind: Action['kind'], open = true, code?: Action['code']): Action => ({
  kind,
  title: kind,
  open,
  ...(code && { code, reason: 'причина' }),
});
const waits = (code: NonNullable<OrderCard['waits']>['for']) => ({ for: code, what: '', overdue: false });

describe('the next action of a card', () => {
  it('is the step that the order waits for', () => {
    const actions = [action('cancel'), action('sign-contract')];
    expect(nextAction({ actions, waits: waits('contract-signature') })?.kind).toBe('sign-contract');
  });

  it('is undefined while the other party is awaited', () => {
    expect(nextAction({ actions: [action('propose-termination')], waits: waits('results') })).toBeUndefined();
    expect(
      nextAction({ actions: [action('submit-results', false, 'order_suspended')], waits: waits('results') }),
    ).toBeUndefined();
  });

  it('is the step and not an answer to a proposal', () => {
    const actions = [action('agree-termination'), action('refuse-termination'), action('submit-results')];
    expect(nextAction({ actions, waits: waits('results') })?.kind).toBe('submit-results');
    expect(nextAction({ actions: actions.slice(0, 2), waits: waits('results') })).toBeUndefined();
    expect(actions.filter(answersProposal).map(({ kind }) => kind)).toEqual([
      'agree-termination',
      'refuse-termination',
    ]);
  });

  it('is responding for an engineer who found an open order', () => {
    expect(nextAction({ actions: [action('respond')] })?.kind).toBe('respond');
  });

  it('is not rating once there is a rating', { meta: { covers: ['S-25'] } }, () => {
    expect(nextAction({ actions: [action('rate')], waits: waits('rating') })?.kind).toBe('rate');
    expect(nextAction({ actions: [action('rate')] })).toBeUndefined();
  });

  it('is choosing once there is a response, and offering before', () => {
    expect(nextAction({ actions: [action('offer'), action('choose')], waits: waits('choice') })?.kind).toBe('choose');
    expect(
      nextAction({ actions: [action('offer'), action('choose', false, 'no_response')], waits: waits('choice') })?.kind,
    ).toBe('offer');
  });
});

describe('the awaited step', () => {
  const signature = waits('contract-signature');

  it('is for the user while an action completes it', () =>
    expect(stepTakenBy({ actions: [action('sign-contract')], waits: signature })).toBeUndefined());

  it('is for the head of the organisation if the user may not sign', () =>
    expect(
      stepTakenBy({
        actions: [action('sign-contract', false, 'head_signature_required')],
        waits: { ...signature, forHead: true },
      }),
    ).toBe('руководителя организации или представителя с доверенностью (МЧД)'));

  it('is for another moderator if the user is a party', () =>
    expect(
      stepTakenBy({ actions: [action('settle-dispute', false, 'moderator_is_party')], waits: waits('settlement') }),
    ).toBe('другого модератора'));
});

describe('the reasons on a card', () => {
  it('are shown where they help, as in the FAQ of the manual', { meta: { covers: ['R-FAQ-5'] } }, () => {
    const actions = [
      action('respond', false, 'engineer_only_one_at_employer'),
      action('rate', false, 'wrong_stage'),
      action('amend', false, 'order_closed'),
      action('cancel'),
    ];
    expect(closedWithReason(actions).map(({ kind }) => kind)).toEqual(['respond']);
  });
});
