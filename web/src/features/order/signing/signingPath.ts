import type { ActionKind } from '@/shared/api/actions';

/** The actions that sign a document, hand works over or accept them: each has a page of its own. */
export type SigningKind = Extract<
  ActionKind,
  | 'send-contract'
  | 'sign-contract'
  | 'submit-results'
  | 'accept-results'
  | 'return-results'
  | 'sign-act-alone'
  | 'submit-final'
  | 'send-act'
  | 'sign-act'
>;

export const signingPath = (order: string, kind: SigningKind) => `/orders/${order}/signing/${kind}`;
