import type { ActionKind } from '@/shared/api/actions';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';

type WaitCode = NonNullable<OrderCard['waits']>['for'];

/**
 * The actions that complete each awaited step, the most likely first. The API decides which of them
 * are available.
 */
const steps: Partial<Record<WaitCode, readonly ActionKind[]>> = {
  publication: ['publish'],
  choice: ['choose', 'offer', 'accept-changes', 'respond'],
  'offer-answer': ['accept-offer'],
  reacceptance: ['accept-changes'],
  contract: ['send-contract'],
  'contract-signature': ['sign-contract'],
  'prepayment-invoice': ['send-prepayment-invoice'],
  prepayment: ['report-prepayment'],
  'prepayment-confirmation': ['confirm-prepayment'],
  results: ['submit-results'],
  receipt: ['confirm-receipt', 'sign-act-alone'],
  acceptance: ['accept-results', 'sign-act-alone'],
  registration: ['submit-final'],
  act: ['send-act'],
  'act-signature': ['sign-act', 'sign-act-alone'],
  invoice: ['send-invoice'],
  payment: ['report-payment'],
  'payment-confirmation': ['confirm-payment'],
  rating: ['rate'],
  settlement: ['settle-dispute', 'approve-replacement'],
};

/**
 * The actions of a user who is no party to the order yet; he does not see what the order waits for.
 */
const outsiderActions: readonly ActionKind[] = ['accept-offer', 'accept-changes', 'respond'];

/** Returns the one action that advances the order, if it is available to the user. */
export function nextAction({ actions, waits }: Pick<OrderCard, 'actions' | 'waits'>): Action | undefined {
  for (const kind of (waits && steps[waits.for]) ?? outsiderActions) {
    const action = actions.find((one) => one.kind === kind && one.open);
    if (action) return action;
  }
  return undefined;
}

/**
 * Returns who must take the awaited step in place of the user, although his role is awaited: the head
 * of the organisation signs, and a moderator does not decide on his own order.
 */
export function stepTakenBy({ actions, waits }: Pick<OrderCard, 'actions' | 'waits'>): string | undefined {
  const own = actions.filter(({ kind }) => waits && steps[waits.for]?.includes(kind as ActionKind));
  if (own.some(({ open }) => open)) return undefined;
  if (waits?.forHead) return 'руководителя организации или представителя с доверенностью (МЧД)';
  if (own.some(({ code }) => code === 'moderator_is_party')) return 'другого модератора';
  return undefined;
}

/** The actions that answer or withdraw a proposal. They are shown beside the proposal. */
const proposalActions: readonly ActionKind[] = [
  'agree-termination',
  'refuse-termination',
  'agree-rework',
  'refuse-rework',
  'withdraw-proposal',
];

export const answersProposal = ({ kind }: Action) => (proposalActions as readonly string[]).includes(kind);

/** The actions that answer or withdraw the proposal to replace the performer, shown beside it. */
const replacementActions: readonly ActionKind[] = [
  'agree-replacement',
  'decline-replacement',
  'withdraw-replacement',
  'approve-replacement',
  'reject-replacement',
];

export const answersReplacement = ({ kind }: Action) => (replacementActions as readonly string[]).includes(kind);

/**
 * Reports whether the user may begin an action. What only the head of an organisation may sign is
 * signed by others with a power of attorney (МЧД), which they attach to the signature.
 */
export const mayBegin = ({ open, code }: Action): boolean => open || code === 'head_signature_required';

/**
 * Returns the unavailable actions whose reason helps the user: no actions of another stage or of a
 * finished order, and no answers without a proposal.
 */
export function closedWithReason(actions: readonly Action[]): Action[] {
  return actions.filter((action) => !mayBegin(action) && action.reason && !isReasonHidden(action));
}

/** Reports whether the reason of an unavailable action is of no use to the user. */
export const isReasonHidden = ({ code }: Action) => hiddenReasons.has(code);

const hiddenReasons = new Set<Action['code']>([
  'wrong_stage',
  'order_closed',
  'no_proposal',
  'no_replacement',
  'replacement_agreed',
  'others_proposal',
  'no_dispute',
  'no_offer',
  'no_response',
  'nothing_changed',
  'not_a_party',
  'already_done',
]);
