import { dayProblem, formatDay, platformDay } from './dates';
import { counted } from './plural';

/** «до 24 ноября 2026 г.», «30 дней», or that there is no term yet. */
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

/** The longest term that the platform takes, in days: about ten years. */
export const maxTermDays = 3650;

/** The first and the last day that a term may end on. */
export function termBounds(now: Date): [first: string, last: string] {
  const first = platformDay(now);
  const last = new Date(first);
  last.setUTCDate(last.getUTCDate() + maxTermDays);
  return [first, last.toISOString().slice(0, 10)];
}

const wanted = 'Укажите дату вида 24.11.2026, от сегодняшней и не дальше десяти лет.';

/** What is wrong with the last day of a term, or undefined. It speaks of the day that stands there. */
export function termDayProblem(value: string | undefined, now: Date): string | undefined {
  if (!value?.trim()) return wanted;
  const problem = dayProblem(value);
  if (problem) return problem;
  const [first, last] = termBounds(now);
  return value < first || value > last ? `«${value.split('-').reverse().join('.')}» не подходит. ${wanted}` : undefined;
}
