import { describe, expect, it } from 'vitest';
import { termDayProblem, termText } from './term';

it('formats a term by date or by days', () => {
  expect(termText({ termDate: '2026-11-24' })).toMatch(/^до 24 ноября 2026/);
  expect(termText({ termDays: 21 })).toBe('21\u00a0день');
  expect(termText({})).toBe('не указан');
});

describe('the last day of a term', () => {
  const now = new Date('2026-11-28T21:30:00Z'); // the 29th in Moscow
  it.each(['2026-11-29', '2036-11-26'])('may be %s', (day) => expect(termDayProblem(day, now)).toBeUndefined());
  it.each([
    ['2026-11-28', '«28.11.2026» не подходит'],
    ['2036-11-27', '«27.11.2036» не подходит'],
    ['31.02.2027', '«31.02.2027» не подходит'],
    ['', 'Укажите дату вида 24.11.2026, от сегодняшней'],
    [undefined, 'Укажите дату вида 24.11.2026, от сегодняшней'],
  ])('is refused with its value: %s', (day, text) => expect(termDayProblem(day, now)).toContain(text));
});
