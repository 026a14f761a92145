import type { Schema } from '@/shared/api/client';
import { formatMoney } from '@/shared/lib/money';
import { termText } from '@/shared/lib/term';

type Response = Schema<'CardResponse'>;

/** Returns what an engineer agrees to who responded: the conditions change, and his bid stays. */
export const bidStaysText = ({ price, termDate, termDays }: Pick<Response, 'price' | 'termDate' | 'termDays'>) =>
  `Ваш отклик остаётся прежним: ${formatMoney(price)}, срок ${termText({ termDate, termDays })}.`;

/** Reports whether the customer may choose the author of a response. */
export const canBeChosen = ({ current, reason }: Pick<Response, 'current' | 'reason'>) => current && !reason;

/** Returns a response as a choice of the performer: who, for how much, until when, and why not. */
export function choiceLabel({ engineer, price, termDate, termDays, current, reason }: Response): string {
  const why = current ? reason : 'условия изменены после отклика';
  const label = `${engineer.name}: ${formatMoney(price)}, ${termText({ termDate, termDays })}`;
  return why ? `${label} (${why})` : label;
}
