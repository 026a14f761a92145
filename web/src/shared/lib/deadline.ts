import { formatDeadline } from './dates';

/** What an order waits for, as the API returns it. */
interface Waited {
  for: string;
  deadline?: string | undefined;
  overdue: boolean;
}

/**
 * Reports whether an order waits for the end of a suspension or of a dispute. The deadline is then
 * that of the step before.
 */
const interrupts = (code: string) => code === 'hold' || code === 'settlement';

/**
 * Returns «до 12 января 2026 г., 24:00 (GMT+3)» before the deadline of a step and «Срок истёк 12
 * января …» after it. During a dispute or a suspension it returns «Срок прежнего шага истёк …»,
 * because neither the moderator nor the holder is late. All pages use this text.
 */
export function deadlineText({ for: step, deadline, overdue }: Waited): string | undefined {
  const at = deadline && formatDeadline(deadline);
  if (!overdue) return at && `до ${at}`;
  return [interrupts(step) ? 'Срок прежнего шага истёк' : 'Срок истёк', at].filter(Boolean).join(' ');
}
