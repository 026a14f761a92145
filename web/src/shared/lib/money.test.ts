import { describe, expect, it } from 'vitest';
import { formatMoney, formatMoneyShort, parseMoney } from './money';

const plain = (text: string) => text.replace(/\u00a0/g, ' ');

describe('money', () => {
  it.each([
    [123450, '1 234,50 ₽'],
    [0, '0,00 ₽'],
    [5, '0,05 ₽'],
    [100000000099, '1 000 000 000,99 ₽'],
  ])('formats %i kopecks', (kopecks, text) => expect(plain(formatMoney(kopecks))).toBe(text));

  it('uses non-breaking spaces', () => expect(formatMoney(123450)).not.toMatch(/[ \u202f]/));

  it('omits zero kopecks in the short format', () => {
    expect(plain(formatMoneyShort(1500000))).toBe('15 000 ₽');
    expect(plain(formatMoneyShort(1500001))).toBe('15 000,01 ₽');
  });

  it.each([
    ['1 234,50', 123450],
    ['1234.5', 123450],
    ['1\u00a0234,05 ₽', 123405],
    ['15000 руб.', 1500000],
    ['0', 0],
  ])('parses «%s»', (text, kopecks) => expect(parseMoney(text)).toBe(kopecks));

  it.each([
    '',
    'сто',
    '-5',
    '1,234',
    '1,2,3',
    '1e5',
    '9999999999',
    '10 14',
    '3 3',
    '1 0000',
    '10-14',
    '12 34 567',
    '1 234 56',
  ])('refuses «%s»', (text) => expect(parseMoney(text)).toBeUndefined());

  it('parses what it formats', () => {
    for (const kopecks of [1, 99, 100, 29, 123456789]) expect(parseMoney(formatMoney(kopecks))).toBe(kopecks);
  });
});
