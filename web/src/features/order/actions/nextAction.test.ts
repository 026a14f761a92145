import { describe, expect, it } from 'vitest';
import { answersProposal, closedWithReason, nextAction } from './nextAction';

const action = (kind: string, open = true, code?: string) => ({
  kind,
  title: kind,
  open,
  ...(code && { code, reason: 'причина' }),
});
const waits = (code: string) => ({ for: code, what: '', overdue: false });

describe('the next action of a card', () => {
  it('is the step that the order waits for', () => {
    const actions = [action('cancel'), action('sign-contract')];
    expect(nextAction({ actions, waits: waits('contract-signature') })?.kind).toBe('sign-contract');
  });

  it('is none where the other side is awaited', () => {
    expect(nextAction({ actions: [action('propose-termination')], waits: waits('results') })).toBeUndefined();
    expect(
      nextAction({ actions: [action('submit-results', false, 'order_suspended')], waits: waits('results') }),
    ).toBeUndefined();
  });

  it('is the step and no proposal of the other side, whose answers stand beside it', () => {
    const actions = [action('agree-termination'), action('refuse-termination'), action('submit-results')];
    expect(nextAction({ actions, waits: waits('results') })?.kind).toBe('submit-results');
    expect(nextAction({ actions: actions.slice(0, 2), waits: waits('results') })).toBeUndefined();
    expect(actions.filter(answersProposal).map(({ kind }) => kind)).toEqual([
      'agree-termination',
      'refuse-termination',
    ]);
  });

  it('is the response for an engineer who finds an open order', () => {
    expect(nextAction({ actions: [action('respond')] })?.kind).toBe('respond');
  });

  it('is no mark where there is one already', { meta: { covers: ['S-25'] } }, () => {
    expect(nextAction({ actions: [action('rate')], waits: waits('rating') })?.kind).toBe('rate');
    expect(nextAction({ actions: [action('rate')] })).toBeUndefined();
  });

  it('is choosing once there is somebody to choose, offering before', () => {
    expect(nextAction({ actions: [action('offer'), action('choose')], waits: waits('choice') })?.kind).toBe('choose');
    expect(
      nextAction({ actions: [action('offer'), action('choose', false, 'no_response')], waits: waits('choice') })?.kind,
    ).toBe('offer');
  });
});

describe('the reasons on a card', () => {
  it('are told where they help, as the FAQ of the manual has them', { meta: { covers: ['R-FAQ-5'] } }, () => {
    const actions = [
      action('respond', false, 'engineer_only_one_at_employer'),
      action('rate', false, 'wrong_stage'),
      action('amend', false, 'order_closed'),
      action('cancel'),
    ];
    expect(closedWithReason(actions).map(({ kind }) => kind)).toEqual(['respond']);
  });
});
