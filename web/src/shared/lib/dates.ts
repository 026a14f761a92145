// Moments come from the API in UTC (RFC 3339) and are shown in the time zone of the user's device.
// Calendar days («2026-11-24») have no time zone and are never shifted.

const locale = 'ru-RU';

export interface Zone {
  /** An IANA name. Defaults to the time zone of the device. */
  timeZone?: string;
}

/**
 * The hint beside filters by day: the platform's days start in Moscow, whatever the device's time
 * zone.
 */
export const moscowDays = 'По московскому времени';

/** Returns the platform's day at a moment: «2026-11-24». */
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

/** Formats a moment as a date: «24 ноября 2026 г.». */
export function formatDate(moment: string, zone: Zone = {}): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...zone }).format(new Date(moment));
}

/** Formats a moment as a date with time: «24.11.2026, 15:30». */
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

/** Formats the time of a moment: «15:30». */
export function formatTime(moment: string, zone: Zone = {}): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone }).format(new Date(moment));
}

/**
 * Formats a deadline with its time zone, because people of two zones have to agree on it: «24
 * ноября 2026 г., 15:30 (GMT+7)». A deadline at midnight is shown as the end of the day before: «24
 * ноября 2026 г., 24:00».
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

/** Formats a day without a time («2026-11-24») as «24 ноября 2026 г.». */
export function formatDay(day: string): string {
  const match = calendarDay.exec(day);
  if (!match) return day;
  return formatDate(`${day}T00:00:00Z`, { timeZone: 'UTC' });
}

const typedDay = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/**
 * Converts a typed day, «24.11.2026» or «1.2.2026», to «2026-11-24»; undefined if there is no such
 * day.
 */
export function parseDay(text: string): string | undefined {
  const [, day, month, year] = typedDay.exec(text.trim()) ?? [];
  if (!day || !month || !year) return undefined;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(written);
  // Date parses the 30th of February as a day of March.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written) ? written : undefined;
}

/**
 * Returns what is wrong with the value of a day field, or undefined. The value of an invalid day is
 * the text that was typed.
 */
export function dayProblem(value: string | undefined): string | undefined {
  if (!value || isDay(value)) return undefined;
  return `«${value.trim()}» не подходит. Укажите дату вида 24.11.2026.`;
}

/** Reports whether a text is a day as the API writes it. */
export function isDay(value: string): boolean {
  const [, year, month, day] = calendarDay.exec(value) ?? [];
  return parseDay(`${day}.${month}.${year}`) === value;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** Formats a moment relative to now: «через 3 дня», «2 часа назад», «сейчас». */
export function formatRelative(moment: string, now: Date = new Date()): string {
  const distance = new Date(moment).getTime() - now.getTime();
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  for (const [unit, size] of steps) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return 'сейчас';
}

/** Returns the name of the time zone in which moments are shown: «Europe/Moscow, GMT+3». */
export function zoneName(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const offset = new Intl.DateTimeFormat(locale, { timeZoneName: 'shortOffset' })
    .formatToParts(new Date())
    .find((part) => part.type === 'timeZoneName')?.value;
  return offset && offset !== timeZone ? `${timeZone}, ${offset}` : timeZone;
}
