// Moments come from the API in UTC (RFC 3339) and are shown in the time zone of the person's device; calendar days
// («2026-11-24») have no zone and are never moved by one.

const locale = 'ru-RU';

export interface Zone {
  /** An IANA name; the device's own where none is given. */
  timeZone?: string;
}

/** For what is counted in days by the platform: they begin in Moscow, whatever the device's zone. */
export const moscowDays = 'По московскому времени';

/** The platform's day at a moment, «2026-11-24». */
export function platformDay(moment: Date): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: 'Europe/Moscow',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(moment);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}`;
}

/** «24 ноября 2026 г.» */
export function formatDate(moment: string, zone: Zone = {}): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...zone }).format(new Date(moment));
}

/** «24.11.2026, 15:30» */
export function formatDateTime(moment: string, zone: Zone = {}): string {
  return new Intl.DateTimeFormat(locale, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...zone,
  }).format(new Date(moment));
}

/**
 * «24 ноября 2026 г., 15:30 (GMT+7)»: for deadlines, where people of two zones have to agree. One at the end of a day is that day's:
 * «24 ноября 2026 г., 24:00».
 */
export function formatDeadline(moment: string, zone: Zone = {}): string {
  const at = new Date(moment);
  const parts = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...zone,
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  const time = `${of('hour')}:${of('minute')}`;
  if (time !== '00:00') return `${formatDate(moment, zone)}, ${time} (${of('timeZoneName')})`;
  const dayBefore = new Date(at.getTime() - 60_000).toISOString();
  return `${formatDate(dayBefore, zone)}, 24:00 (${of('timeZoneName')})`;
}

const calendarDay = /^(\d{4})-(\d{2})-(\d{2})$/;

/** «24 ноября 2026 г.» of a day without a time («2026-11-24»). */
export function formatDay(day: string): string {
  const match = calendarDay.exec(day);
  if (!match) return day;
  return formatDate(`${day}T00:00:00Z`, { timeZone: 'UTC' });
}

const typedDay = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/** The day that people type as «24.11.2026» or «1.2.2026», as «2026-11-24»; undefined if there is no such day. */
export function parseDay(text: string): string | undefined {
  const [, day, month, year] = typedDay.exec(text.trim()) ?? [];
  if (!day || !month || !year) return undefined;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(written);
  // The 30th of February is read as a day of March.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written) ? written : undefined;
}

/** What is wrong with the value of a field for a day, or undefined: what is no day is kept there as it was typed. */
export function dayProblem(value: string | undefined): string | undefined {
  if (!value || isDay(value)) return undefined;
  return `«${value.trim()}» не подходит. Укажите дату вида 24.11.2026.`;
}

/** Whether a text is a day as the API writes it. */
export function isDay(value: string): boolean {
  const [, year, month, day] = calendarDay.exec(value) ?? [];
  return parseDay(`${day}.${month}.${year}`) === value;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** «через 3 дня», «2 часа назад», «сейчас». */
export function formatRelative(moment: string, now: Date = new Date()): string {
  const distance = new Date(moment).getTime() - now.getTime();
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  for (const [unit, size] of steps) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return 'сейчас';
}

/** The name of the zone that moments are shown in: «Europe/Moscow, GMT+3». */
export function zoneName(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const offset = new Intl.DateTimeFormat(locale, { timeZoneName: 'shortOffset' })
    .formatToParts(new Date())
    .find((part) => part.type === 'timeZoneName')?.value;
  return offset && offset !== timeZone ? `${timeZone}, ${offset}` : timeZone;
}
