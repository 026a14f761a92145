/**
 * Returns the day that many days after a moment, in Moscow: as users type it, «24.11.2026», or as
 * pages show it, «24 ноября 2026 г.».
 */
export function dayFromNow(days: number, style: 'typed' | 'long' = 'typed', now = Date.now()): string {
  const moment = new Date(now + days * 86_400_000);
  const form =
    style === 'long'
      ? ({ dateStyle: 'long' } as const)
      : ({ day: '2-digit', month: '2-digit', year: 'numeric' } as const);
  return moment.toLocaleDateString('ru-RU', { timeZone: 'Europe/Moscow', ...form });
}
