import type { Schema } from '@/shared/api/client';
import { formatMoneyShort } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';

export type Engineer = Schema<'ListedEngineer'>;

/** The mark of an ИП that the engineer has named and ЕСИА does not report. */
export const unconfirmedText = 'ИП не подтверждён Госуслугами';

export const businessText = ({ business, unconfirmedBusiness }: Pick<Engineer, 'business' | 'unconfirmedBusiness'>) =>
  [business ?? '—', unconfirmedBusiness && unconfirmedText].filter(Boolean).join(', ');

export function experienceText({ experience }: Pick<Engineer, 'experience'>): string {
  if (experience === undefined) return '—';
  return experience === 0 ? 'меньше года' : counted(experience, 'год', 'года', 'лет');
}

export function priceText(price: number | undefined): string {
  return price === undefined ? 'по договоренности' : `от ${formatMoneyShort(price)}`;
}

/** The first letters of the last and first name, for who has no photo. */
export function initials(name: string): string {
  return name
    .split(' ')
    .slice(0, 2)
    .map((part) => part[0] ?? '')
    .join('');
}
