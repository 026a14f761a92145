import type { HistoryEvent } from './queries';
import type { OrderCard } from '@/shared/api/order';

/** The way of an undisturbed order. The names come from the API. */
const way = [
  'draft',
  'selection',
  'contract',
  'prepayment',
  'work',
  'acceptance',
  'registration',
  'payment',
  'completed',
] as const;

type Moves = readonly Pick<HistoryEvent, 'from' | 'to'>[];

/** The stages that this order passes: those for an advance and for ГКУ/ГРП only where it has them. */
export function stagesOf({ contract, terms }: Pick<OrderCard, 'contract' | 'terms'>): string[] {
  const advance = contract ? contract.advance > 0 : Boolean(terms?.prepayment);
  const registration = contract ? Boolean(contract.registration) : Boolean(terms?.registration);
  return way.filter((stage) => (stage !== 'prepayment' || advance) && (stage !== 'registration' || registration));
}

/** The stage that stands on the bar: a suspended or cancelled order shows the one that it stopped at. */
export function stageOnBar(code: string, history: Moves): string | undefined {
  if (way.some((stage) => stage === code)) return code;
  for (const { from, to } of history.toReversed()) {
    const passed = [to.code, from.code].find((one) => way.some((stage) => stage === one));
    if (passed) return passed;
  }
  return undefined;
}
