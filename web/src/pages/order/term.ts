import { formatDay } from '../../lib/dates';
import { counted } from '../../lib/plural';

/** «до 24 ноября 2026 г.» or «30 дней». */
export function termText({ termDate, termDays }: { termDate?: string; termDays?: number }): string {
  if (termDate) return `до ${formatDay(termDate)}`;
  return termDays ? counted(termDays, 'день', 'дня', 'дней') : 'не указан';
}
