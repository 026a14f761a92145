import type { Schema } from '@/shared/api/client';
import { formatMoneyShort } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';

export type Engineer = Schema<'ListedEngineer'>;
export type Statistics = Schema<'EngineerStatistics'>;

/** The mark of an ИП that the engineer has named and ЕСИА does not report. */
export const unconfirmedText = 'ИП не подтверждён Госуслугами';

export const businessText = ({ business, unconfirmedBusiness }: Pick<Engineer, 'business' | 'unconfirmedBusiness'>) =>
  [business ?? '—', unconfirmedBusiness && unconfirmedText].filter(Boolean).join(', ');

export const rules: Record<Schema<'ReviewVerdict'>['rule'], string> = {
  'personal-data': 'персональные данные',
  insult: 'оскорбление',
  advertising: 'реклама',
  'off-topic': 'не о работе по заказу',
  unlawful: 'нарушение закона',
};

/** «4,67»; the API rounds to two decimals. */
export function ratingText(rating: number): string {
  return rating.toLocaleString('ru-RU', { minimumFractionDigits: 1, maximumFractionDigits: 2 });
}

export function experienceText({ experience }: Pick<Engineer, 'experience'>): string {
  if (experience === undefined) return '—';
  return experience === 0 ? 'меньше года' : counted(experience, 'год', 'года', 'лет');
}

export function priceText(price: number | undefined): string {
  return price === undefined ? 'по договоренности' : `от ${formatMoneyShort(price)}`;
}

/** «2 из 40 (5 %)»; who was asked to do nothing has refused nothing. */
export function refusalsText({ refusals, asked }: Statistics): string {
  if (asked === 0) return 'заказов ещё не предлагали';
  return `${refusals} из ${asked} (${Math.round((100 * refusals) / asked)}\u00a0%)`;
}

export function progressText({ progress, inWork }: Statistics): string {
  return progress === undefined ? 'заказов в работе нет' : `${progress}\u00a0% (в работе ${inWork})`;
}

/** Which marks the rating counts; it stands beside the rating and in the help. */
export const countedMarks =
  'Учтены все оценки заказчиков, и тех заказов, что расторгнуты после оценки. Оценка отменяется, если работы переделывают или исполнителя заменяют.';

/** The first letters of the last and first name, for who has no photo. */
export function initials(name: string): string {
  return name
    .split(' ')
    .slice(0, 2)
    .map((part) => part[0] ?? '')
    .join('');
}
