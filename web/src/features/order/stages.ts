import type { StageCode } from '@/shared/codes';
import type { HistoryEvent } from './queries';
import type { OrderCard } from '@/shared/api/order';

/** The stages of an order without interruptions. Their names come from the API. */
const regularStages = [
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

/** Returns the stages that this order passes; prepayment and registration only if it has them. */
export function stagesOf({ contract, terms }: Pick<OrderCard, 'contract' | 'terms'>): StageCode[] {
  const advance = contract ? contract.advance > 0 : Boolean(terms?.prepayment);
  const registration = contract ? Boolean(contract.registration) : Boolean(terms?.registration);
  return regularStages.filter(
    (stage) => (stage !== 'prepayment' || advance) && (stage !== 'registration' || registration),
  );
}

/**
 * Returns the stage to mark on the bar. For a suspended or cancelled order it is the one where it
 * stopped.
 */
export function stageOnBar(code: StageCode, history: Moves): StageCode | undefined {
  if (regularStages.some((stage) => stage === code)) return code;
  for (const { from, to } of history.toReversed()) {
    const regular = [to.code, from.code].find((one) => regularStages.some((stage) => stage === one));
    if (regular) return regular;
  }
  return undefined;
}
