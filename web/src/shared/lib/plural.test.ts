import { expect, it } from 'vitest';
import { counted, plural } from './plural';

it.each([
  [0, 'дней'],
  [1, 'день'],
  [2, 'дня'],
  [4, 'дня'],
  [5, 'дней'],
  [11, 'дней'],
  [12, 'дней'],
  [14, 'дней'],
  [21, 'день'],
  [22, 'дня'],
  [111, 'дней'],
  [1001, 'день'],
  [1.5, 'дня'],
])('%d takes «%s»', (count, form) => expect(plural(count, 'день', 'дня', 'дней')).toBe(form));

it('keeps number and noun on one line', () =>
  expect(counted(3, 'отклик', 'отклика', 'откликов')).toBe('3\u00a0отклика'));
