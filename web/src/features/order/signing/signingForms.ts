import { acceptResults, returnResults, signAct, signActAlone } from '@/features/order/forms/acceptance';
import { sendAct, submitFinal } from '@/features/order/forms/registration';
import { submitResults } from '@/features/order/forms/results';
import { sendContract } from '@/features/order/forms/sendContract';
import { signContract } from '@/features/order/forms/signContract';
import type { AnySigningForm } from '@/features/order/actions/actionForm';
import type { SigningKind } from './signingPath';

const signingForms: { readonly [Kind in SigningKind]: AnySigningForm<Kind> } = {
  'send-contract': sendContract,
  'sign-contract': signContract,
  'submit-results': submitResults,
  'accept-results': acceptResults,
  'return-results': returnResults,
  'sign-act-alone': signActAlone,
  'submit-final': submitFinal,
  'send-act': sendAct,
  'sign-act': signAct,
};

/** Returns the form of a page by the name in its address; undefined if there is none. */
export function signingFormFor(kind: string): AnySigningForm | undefined {
  return (signingForms as Record<string, AnySigningForm | undefined>)[kind];
}
