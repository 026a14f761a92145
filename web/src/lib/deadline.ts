/** What an order waits for, as the API tells it. */
interface Waited {
  for: string;
  deadline?: string | undefined;
  overdue: boolean;
}

/** Whether an order waits for the end of a suspension or of a dispute; the step of its stage stands behind that. */
const interrupts = (code: string) => code === 'hold' || code === 'settlement';

/**
 * «Срок истёк 12.01.2026», or «Срок прежнего шага истёк …» where the order waits for a moderator or for the end of a suspension, who are
 * not the ones that are late; undefined where nothing is overdue.
 */
export function overdueText(waits: Waited, format: (moment: string) => string): string | undefined {
  if (!waits.overdue) return undefined;
  const what = interrupts(waits.for) ? 'Срок прежнего шага истёк' : 'Срок истёк';
  return waits.deadline ? `${what} ${format(waits.deadline)}` : what;
}
