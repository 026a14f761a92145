import type { ActorRole, SessionRole, StageCode } from '@/shared/codes';
import { formatMoneyShort } from './money';

/** Returns the price, or that the customer did not state one. */
export function priceText({ price }: { price?: number }): string {
  return price === undefined ? 'стоимость не указана' : formatMoneyShort(price);
}

/** Shown to an engineer who responded and was not chosen, and to his employer. */
export const otherChosen = 'Выбран другой исполнитель';

const stepOwners: Partial<Record<ActorRole, string>> = {
  customer: 'заказчика',
  engineer: 'исполнителя',
  employer: 'работодателя',
  moderator: 'модератора системы',
};

/**
 * Returns whose step it is from the view of a role: «Ваш шаг», «Шаг исполнителя»; undefined if no
 * party in particular is awaited.
 */
export function nextStepText(from: ActorRole | undefined, role: SessionRole): string | undefined {
  if (!from) return undefined;
  if (from === role) return 'Ваш шаг';
  return stepOwners[from] && `Шаг ${stepOwners[from]}`;
}

/** Returns the colour of a stage: quiet, active, done, or held for one that needs attention. */
export function stageTone(code: StageCode): 'quiet' | 'active' | 'done' | 'held' {
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

/** Returns the path of an order: the form for the customer of a draft, otherwise the card. */
export function orderPath(id: string, stage: StageCode, role: SessionRole): string {
  return stage === 'draft' && role === 'customer' ? editPath(id) : `/orders/${id}`;
}

export const editPath = (id: string) => `/orders/${id}/edit`;
