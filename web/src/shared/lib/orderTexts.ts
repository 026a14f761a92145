import { formatMoneyShort } from './money';

/** The price, or that the customer named none. */
export function priceText({ price }: { price?: number }): string {
  return price === undefined ? 'стоимость не указана' : formatMoneyShort(price);
}

/** What somebody reads who has responded and was not chosen, or whose employee it was. */
export const otherChosen = 'Выбран другой исполнитель';

const turns: Record<string, string> = {
  customer: 'заказчика',
  engineer: 'исполнителя',
  employer: 'работодателя',
  moderator: 'модератора системы',
};

/** Whose step it is, seen from a role: «Ваш шаг», «Шаг исполнителя»; nothing where nobody in particular is awaited. */
export function turnText(from: string | undefined, role: string): string | undefined {
  if (!from) return undefined;
  if (from === role) return 'Ваш шаг';
  return turns[from] && `Шаг ${turns[from]}`;
}

/** The colour of a stage: what is quiet, under way, done, or needs attention. */
export function stageTone(code: string): 'quiet' | 'active' | 'done' | 'held' {
  switch (code) {
    case 'draft':
    case 'cancelled':
      return 'quiet';
    case 'completed':
      return 'done';
    case 'suspended':
      return 'held';
    default:
      return 'active';
  }
}

/** Where a line leads: its customer goes on with a draft, everybody else sees the card. */
export function orderPath(id: string, stage: string, role: string): string {
  return stage === 'draft' && role === 'customer' ? editPath(id) : `/orders/${id}`;
}

export const editPath = (id: string) => `/orders/${id}/edit`;
