import type { Schema } from '@/shared/api/client';
import { formatDay } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';
import { termText } from '@/shared/lib/term';

export type Response = Schema<'CardResponse'>;
type Term = Pick<Response, 'termDate' | 'termDays' | 'termUntil' | 'daysLater'>;

/** Returns what an engineer agrees to who responded: the conditions change, and his bid stays. */
export const bidStaysText = ({ price, termDate, termDays }: Pick<Response, 'price' | 'termDate' | 'termDays'>) =>
  `Ваш отклик остаётся прежним: ${formatMoney(price)}, срок ${termText({ termDate, termDays })}.`;

/** Reports whether the customer may choose the author of a response. */
export const canBeChosen = ({ current, reason }: Pick<Response, 'current' | 'reason'>) => current && !reason;

/** Returns why the customer may not choose the author of a response; undefined if he may. */
export const whyNot = ({ current, reason }: Pick<Response, 'current' | 'reason'>): string | undefined =>
  current ? reason : 'Условия изменены после отклика. Выбрать можно, когда инженер подтвердит отклик.';

/** Returns the day on which a term in days ends: «если выбрать сегодня: до 14 декабря 2026 г.». */
export const untilText = ({ termDate, termUntil }: Term): string | undefined =>
  termDate || !termUntil ? undefined : `если выбрать сегодня: до ${formatDay(termUntil)}`;

/** Returns how a term differs from the one in the order; undefined if it does not. */
export function laterText({ daysLater = 0 }: Term): string | undefined {
  if (!daysLater) return undefined;
  const days = counted(Math.abs(daysLater), 'день', 'дня', 'дней');
  return `на ${days} ${daysLater > 0 ? 'позже' : 'раньше'}, чем в заказе`;
}

/** Returns a response as a choice of the performer: who, for how much, until when, and why not. */
export function choiceLabel(response: Response): string {
  const { engineer, price, termDate, termDays, current, reason } = response;
  const why = current ? reason : 'условия изменены после отклика';
  const terms = [termText({ termDate, termDays }), untilText(response), laterText(response)].filter(Boolean).join(', ');
  const label = `${engineer.name}: ${formatMoney(price)}, ${terms}`;
  return why ? `${label} (${why})` : label;
}

/** By what responses are sorted. The best comes first, and who has no value last. */
export const responseSorts = {
  price: 'Сначала дешевле',
  term: 'Сначала быстрее',
  rating: 'Сначала с лучшим рейтингом',
  refusals: 'Сначала с меньшей долей отказов',
} as const;
export type ResponseSort = keyof typeof responseSorts;

const keys: Record<ResponseSort, (response: Response) => number | string | undefined> = {
  price: ({ price }) => price,
  term: ({ termUntil }) => termUntil,
  rating: ({ statistics }) => (statistics?.rating === undefined ? undefined : -statistics.rating),
  refusals: ({ statistics }) => (statistics?.asked ? statistics.refusals / statistics.asked : undefined),
};

/** Returns the responses sorted; equal ones by price, then by name. */
export function sortResponses(responses: readonly Response[], by: ResponseSort): Response[] {
  return responses.toSorted(
    (a, b) => compare(keys[by](a), keys[by](b)) || a.price - b.price || compare(a.engineer.name, b.engineer.name),
  );
}

function compare(a: number | string | undefined, b: number | string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'ru');
  return Number(a) - Number(b);
}

/**
 * Returns the lowest price and the soonest last day among the responses that can be chosen; undefined
 * where they do not differ.
 */
export function bestOf(responses: readonly Response[]): { price?: number | undefined; termUntil?: string | undefined } {
  const choosable = responses.filter(canBeChosen);
  const best = (by: 'price' | 'term') => {
    const [first, last] = [sortResponses(choosable, by)[0], sortResponses(choosable, by).at(-1)];
    return first && last && keys[by](first) !== keys[by](last) ? first : undefined;
  };
  return { price: best('price')?.price, termUntil: best('term')?.termUntil };
}
