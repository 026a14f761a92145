import type { ActionKind } from '@/shared/api/actions';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';

/** What each awaited step is done by, the likeliest first. The API says which of them are open. */
const steps: Record<string, readonly ActionKind[]> = {
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
  settlement: ['settle-dispute'],
};

/** Who has no part in the order yet is not told what it waits for. */
const outsider: readonly ActionKind[] = ['accept-offer', 'accept-changes', 'respond'];

/** The one action that takes the order on, if it is this person's to do. */
export function nextAction({ actions, waits }: Pick<OrderCard, 'actions' | 'waits'>): Action | undefined {
  for (const kind of (waits && steps[waits.for]) ?? outsider) {
    const action = actions.find((one) => one.kind === kind && one.open);
    if (action) return action;
  }
  return undefined;
}

/** What a proposal is answered or taken back by: these stand beside the proposal itself. */
const answers: readonly ActionKind[] = [
  'agree-termination',
  'refuse-termination',
  'agree-rework',
  'refuse-rework',
  'withdraw-proposal',
];

export const answersProposal = ({ kind }: Action) => (answers as readonly string[]).includes(kind);

/** Closed actions whose reason helps: not those of another stage or of an order that is over, and not answers to what nobody asked. */
export function closedWithReason(actions: readonly Action[]): Action[] {
  return actions.filter((action) => !action.open && action.reason && !isSilent(action));
}

/** Whether the reason of a closed action says nothing that anybody asked for. */
export const isSilent = ({ code }: Action) => silent.has(code ?? '');

const silent = new Set([
  'wrong_stage',
  'order_closed',
  'no_proposal',
  'others_proposal',
  'no_dispute',
  'no_offer',
  'no_response',
  'nothing_changed',
  'not_a_party',
  'already_done',
]);
