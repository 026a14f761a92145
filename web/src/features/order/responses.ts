import type { Schema } from '@/shared/api/client';
import { formatMoney } from '@/shared/lib/money';
import { termText } from '@/shared/lib/term';

type Response = Schema<'CardResponse'>;

/** Reports whether the customer may choose the author of a response. */
export const canBeChosen = ({ current, reason }: Pick<Response, 'current' | 'reason'>) => current && !reason;

/** Returns a response as a choice of the performer: who, for how much, until when, and why not. */
export function choiceLabel({ engineer, price, termDate, termDays, current, reason }: Response): string {
  const why = current ? reason : 'условия изменены после отклика';
  const label = `${engineer.name}: ${formatMoney(price)}, ${termText({ termDate, termDays })}`;
  return why ? `${label} (${why})` : label;
}
