import { formatDay } from './dates';
import { counted } from './plural';

/** «до 24 ноября 2026 г.», «30 дней», or that there is no term yet. */
export function termText({ termDate, termDays }: { termDate?: string | undefined; termDays?: number | undefined }): string {
  if (termDate) return `до ${formatDay(termDate)}`;
  return termDays ? counted(termDays, 'день', 'дня', 'дней') : 'не указан';
}
