import type { Schema } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';
import { type Files, refOf } from './files';

/** The values about the powers of attorney (МЧД) of a signer. */
export interface PowerValues {
  /** A representative signs. */
  byPower?: boolean;
  /** His power of attorney delegates the authority of another one. */
  delegated?: boolean;
  details?: { powers?: { file?: Files; signature?: Files }[] };
}

/** Reports whether the user signs for an organisation whose head he is not. */
export const mustSignByPower = ({ actions }: Pick<OrderCard, 'actions'>): boolean =>
  actions.some(({ code }) => code === 'head_signature_required');

/** Returns the part of a request body with the powers of attorney, if there are any. */
export function powersOf(
  { byPower, delegated, details }: PowerValues,
  card: Pick<OrderCard, 'actions'>,
): { powers?: Schema<'PowerOfAttorney'>[] } {
  if (!byPower && !mustSignByPower(card)) return {};
  const given = (details?.powers ?? []).slice(0, delegated ? 2 : 1);
  return { powers: given.map(({ file, signature }) => ({ file: refOf(file), signature: refOf(signature) })) };
}
