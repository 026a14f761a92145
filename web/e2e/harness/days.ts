/** The day so many days from now in Moscow, as people type it: «24.11.2026». */
export function dayFromNow(days: number): string {
  const moment = new Date(Date.now() + days * 86_400_000);
  return moment.toLocaleDateString('ru-RU', { timeZone: 'Europe/Moscow', day: '2-digit', month: '2-digit', year: 'numeric' });
}
