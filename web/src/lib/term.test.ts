import { expect, it } from 'vitest';
import { termText } from './term';

it('writes a term by date or by days', () => {
  expect(termText({ termDate: '2026-11-24' })).toMatch(/^до 24 ноября 2026/);
  expect(termText({ termDays: 21 })).toBe('21\u00a0день');
  expect(termText({})).toBe('не указан');
});
