import { formatDeadline } from './dates';

/** What an order waits for, as the API tells it. */
interface Waited {
  for: string;
  deadline?: string | undefined;
  overdue: boolean;
}

/** Whether an order waits for the end of a suspension or of a dispute; the step of its stage stands behind that. */
const interrupts = (code: string) => code === 'hold' || code === 'settlement';

/**
 * «до 12 января 2026 г., 24:00 (GMT+3)» while the term of a step runs, «Срок истёк 12 января …» after it, «Срок прежнего шага истёк …» where
 * the order waits for a moderator or for the end of a suspension, who are not the ones that are late. The same words everywhere.
 */
export function deadlineText({ for: step, deadline, overdue }: Waited): string | undefined {
  const at = deadline && formatDeadline(deadline);
  if (!overdue) return at && `до ${at}`;
  return [interrupts(step) ? 'Срок прежнего шага истёк' : 'Срок истёк', at].filter(Boolean).join(' ');
}
