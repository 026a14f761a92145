import { describe, expect, it } from 'vitest';
import {
  dayProblem,
  formatDate,
  formatDateTime,
  formatDay,
  formatDeadline,
  formatRelative,
  parseDay,
  platformDay,
} from './dates';

const evening = '2026-11-24T21:30:00Z';

describe('dates', () => {
  it('shows a moment in the time zone of the user', () => {
    expect(formatDateTime(evening, { timeZone: 'Europe/Moscow' })).toBe('25.11.2026, 00:30');
    expect(formatDateTime(evening, { timeZone: 'Asia/Kamchatka' })).toBe('25.11.2026, 09:30');
    expect(formatDate(evening, { timeZone: 'UTC' })).toBe('24 ноября 2026 г.');
  });

  it('names the time zone of a deadline', () => {
    expect(formatDeadline(evening, { timeZone: 'Asia/Krasnoyarsk' })).toMatch(/^25 ноября 2026 г\., 04:30 \(.*\+7\)$/);
  });

  it('shows a deadline at midnight as 24:00 of the day that ends', () => {
    expect(formatDeadline('2026-11-24T21:00:00Z', { timeZone: 'Europe/Moscow' })).toMatch(
      /^24 ноября 2026 г\., 24:00 \(/,
    );
    expect(formatDeadline('2026-11-24T21:00:00Z', { timeZone: 'Asia/Krasnoyarsk' })).toMatch(
      /^25 ноября 2026 г\., 04:00 \(/,
    );
  });

  it('shifts no calendar day by the time zone', () => {
    expect(formatDay('2026-01-01')).toBe('1 января 2026 г.');
    expect(formatDay('2026-12-31')).toBe('31 декабря 2026 г.');
  });

  it('starts the days of the platform at midnight in Moscow', () => {
    expect(platformDay(new Date('2026-12-31T20:59:59Z'))).toBe('2026-12-31');
    expect(platformDay(new Date('2026-12-31T21:00:00Z'))).toBe('2027-01-01');
  });

  it('returns a text that is no day unchanged', () => expect(formatDay('скоро')).toBe('скоро'));

  it.each([
    ['2026-11-27T22:00:00Z', 'через 3 дня'],
    ['2026-11-24T19:00:00Z', '2 часа назад'],
    ['2026-11-24T21:30:20Z', 'сейчас'],
    ['2026-11-24T21:35:00Z', 'через 5 минут'],
  ])('formats %s relative to now', (moment, text) => expect(formatRelative(moment, new Date(evening))).toBe(text));
});

describe('the value of a field for a day', () => {
  it.each(['31.02.2026', '24.11', '2026-02-31', 'завтра', ' '])('refuses «%s»', (text) =>
    expect(dayProblem(text)).toMatch(/не подходит/),
  );
  it.each([undefined, '', '2026-11-24', '2028-02-29'])('accepts «%s»', (day) =>
    expect(dayProblem(day)).toBeUndefined(),
  );
});

describe('a typed day', () => {
  it.each([
    ['24.11.2026', '2026-11-24'],
    ['1.2.2026', '2026-02-01'],
    [' 29.02.2028 ', '2028-02-29'],
    ['29.02.2026', undefined],
    ['24.13.2026', undefined],
    ['0.1.2026', undefined],
    ['24.11.26', undefined],
    ['24.11.2', undefined],
    ['завтра', undefined],
    ['', undefined],
  ])('«%s» is %s', (text, day) => expect(parseDay(text)).toBe(day));
});
