import { describe, expect, it } from 'vitest';
import { parseWholeNumber } from './wholeNumber';

describe('a whole number', () => {
  it('consists of digits, with any whitespace around them', () => {
    expect(['30', ' 30 ', '\u00a030\u202f', '007'].map(parseWholeNumber)).toEqual([30, 30, 30, 7]);
  });

  it('is never parsed from another text', () => {
    for (const text of [
      '',
      ' ',
      '1,5',
      '1.5',
      '10-14',
      '10–14',
      '2 недели',
      '1e3',
      '+30',
      '-3',
      '３０',
      '٣٠',
      '0x10',
      '1 000',
      '½',
      'Infinity',
      '12345678901',
    ]) {
      expect(parseWholeNumber(text), text).toBeUndefined();
    }
  });
});
