import { describe, expect, it } from 'vitest';
import { parseWhole } from './wholeNumber';

describe('a whole number', () => {
  it('is digits, with any space around them', () => {
    expect(['30', ' 30 ', '\u00a030\u202f', '007'].map(parseWhole)).toEqual([30, 30, 30, 7]);
  });

  it('is never made of what is none', () => {
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
      expect(parseWhole(text), text).toBeUndefined();
    }
  });
});
