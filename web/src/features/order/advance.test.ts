import { describe, expect, it } from 'vitest';
import { amountText, parseMoney } from '@/shared/lib/money';
import { advanceOf, nearestShare, parsePercent, percentOf, recompute, snapToShare } from './advance';

const texts = { price: '1000', percent: '30', advance: '', remainder: '' };

describe('the advance of a contract', { meta: { covers: ['R-CONTR-2', 'C-14', 'S-4'] } }, () => {
  it('is rounded half up to the kopeck, as the order does', () => {
    expect(advanceOf(100_00, 3333)).toBe(33_33);
    expect(advanceOf(1, 5000)).toBe(1);
    expect(advanceOf(3, 1666)).toBe(0);
    expect(advanceOf(99_999_999_999, 10_000)).toBe(99_999_999_999);
  });

  it('is computed from the per cent and the price', () => {
    expect(recompute('percent', texts)).toEqual({ price: '1000', percent: '30', advance: '300', remainder: '700' });
    expect(recompute('price', { ...texts, price: '1 234,55', percent: '33,33' })).toMatchObject({
      advance: '411,48',
      remainder: '823,07',
    });
  });

  it('determines the per cent from a sum or a remainder', () => {
    expect(recompute('advance', { ...texts, advance: '250' })).toMatchObject({ percent: '25', remainder: '750' });
    expect(recompute('remainder', { ...texts, remainder: '0' })).toMatchObject({ percent: '100', advance: '1000' });
  });

  it.each([
    ['33333', '10000', '30', '23333'],
    ['33334', '10 000', '30', '23334'],
    ['100000', '33333', '33,33', '66667'],
    ['1000000', '1', '0,01', '999999'],
    ['1000000', '999999', '99,99', '1'],
  ])('of %s keeps %s whole roubles and takes the nearest per cent', (price, advance, percent, remainder) => {
    const snapped = snapToShare(recompute('advance', { ...texts, price, advance }));
    expect(snapped).toEqual({ price, percent, advance, remainder });
    expect(snapToShare(snapped)).toEqual(snapped);
  });

  it('snaps a sum with kopecks to the nearest share when the field loses the focus', () => {
    const typed = recompute('advance', { ...texts, price: '100000', advance: '33333,33' });
    expect(typed).toMatchObject({ percent: '33,33', advance: '33333,33' });
    expect(snapToShare(typed)).toMatchObject({ percent: '33,33', advance: '33330', remainder: '66670' });
  });

  it('of whole roubles stays when the price changes', () => {
    const typed = recompute('advance', { ...texts, price: '33333', advance: '10000' });
    expect(recompute('advance', { ...typed, price: '33334' })).toEqual({
      price: '33334',
      percent: '30',
      advance: '10000',
      remainder: '23334',
    });
  });

  it('always adds up to the price', () => {
    for (const price of [1, 99, 100_01, 333_33, 7_777_777]) {
      for (let share = 0; share <= 10_000; share += 37) {
        const { advance, remainder } = snapToShare({
          price: amountText(price),
          percent: percentOf(share),
          advance: '',
          remainder: '',
        });
        expect((parseMoney(advance) ?? NaN) + (parseMoney(remainder) ?? NaN)).toBe(price);
        expect(parseMoney(advance)).toBe(advanceOf(price, share));
      }
    }
  });

  it('leaves the fields unchanged while they cannot be computed', () => {
    expect(recompute('percent', { ...texts, percent: '101' })).toEqual({ ...texts, percent: '101' });
    expect(recompute('advance', { ...texts, advance: '2000' })).toEqual({ ...texts, advance: '2000' });
    expect(recompute('price', { ...texts, price: 'много' })).toEqual({ ...texts, price: 'много' });
    expect(nearestShare(0, 5)).toBe(0);
  });

  it('parses typed per cent', () => {
    expect(parsePercent('33,3 %')).toBe(3330);
    expect(parsePercent('100')).toBe(10_000);
    expect(parsePercent('100,01')).toBeUndefined();
    expect(parsePercent('1,234')).toBeUndefined();
    for (const typed of ['10 14', '3 3', '3-5', '1e1', '', '-1']) expect(parsePercent(typed)).toBeUndefined();
    expect(percentOf(3305)).toBe('33,05');
  });
});
