import { dayProblem, formatDay, platformDay } from './dates';
import { counted } from './plural';

/** Returns «до 24 ноября 2026 г.», «30 дней», or that there is no term yet. */
export function termText({
  termDate,
  termDays,
}: {
  termDate?: string | undefined;
  termDays?: number | undefined;
}): string {
  if (termDate) return `до ${formatDay(termDate)}`;
  return termDays ? counted(termDays, 'день', 'дня', 'дней') : 'не указан';
}

/** The longest term that the platform accepts, in days: about ten years. */
export const maxTermDays = 3650;

/** Returns the first and the last day that a term may end on. */
export function termBounds(now: Date): [first: string, last: string] {
  const first = platformDay(now);
  const last = new Date(first);
  last.setUTCDate(last.getUTCDate() + maxTermDays);
  return [first, last.toISOString().slice(0, 10)];
}

const requirement = 'Укажите дату вида 24.11.2026, от сегодняшней и не дальше десяти лет.';

/**
 * Returns what is wrong with the last day of a term, or undefined. The message names the value of
 * the field.
 */
export function termDayProblem(value: string | undefined, now: Date): string | undefined {
  if (!value?.trim()) return requirement;
  const problem = dayProblem(value);
  if (problem) return problem;
  const [first, last] = termBounds(now);
  return value < first || value > last
    ? `«${value.split('-').reverse().join('.')}» не подходит. ${requirement}`
    : undefined;
}
