import { describe, expect, it } from 'vitest';
import { cadastralList, cadastralProblem, maskCadastral } from './cadastral';

describe('the mask of a cadastral number', () => {
  it.each([
    ['77', '77'],
    ['770', '77:0'],
    ['7701000100112', '77:01:0001001:12'],
    ['77:01:0001001:12', '77:01:0001001:12'],
    ['77 01 0001001 12', '77:01:0001001:12'],
    ['77:01:000100:12', '77:01:000100:12'],
    ['77:', '77:'],
    ['77::', '77:'],
    ['кв. 77-01', '77:01'],
    ['77:01:0001001:12 ', '77:01:0001001:12'],
    ['77:01:0001001:12.', '77:01:0001001:12'],
    ['', ''],
  ])('makes of «%s» «%s»', (typed, shown) => expect(maskCadastral(typed)).toBe(shown));

  it.each([
    '50:49:0010203:1147 50:49:0010203:1148',
    '50:49:0010203:1147,50:49:0010203:1148',
    '50:49:0010203:114750:49:0010203:1148',
    '50:49:0010203:1147 1148',
    '50:49:0010203:1147-1150',
    '50:49:0010203:1147 и 1148',
    '770:01:0001001:12',
    '77:01:0001001:1а2',
    '77:01:00О1001:12',
    '77:01:0001001:123456789012',
  ])('makes no number of «%s»', (typed) => {
    expect(maskCadastral(typed)).toBe(typed);
    expect(cadastralProblem(typed)).toBeDefined();
  });

  it('leaves alone what it made', () => {
    for (const number of ['77:01:0001001:12', '77:01:000100:1', '77:01:0001001']) expect(maskCadastral(number)).toBe(number);
  });
});

describe('a list of cadastral numbers', () => {
  it.each(['50:49:0010203:1147 50:49:0010203:1148', ' 50:49:0010203:1147,\n50:49:0010203:1148; ', '50:49:0010203:1147\t50:49:0010203:1148'])('is taken apart: %j', (text) =>
    expect(cadastralList(text)).toEqual(['50:49:0010203:1147', '50:49:0010203:1148']),
  );
  it.each(['50:49:0010203:1147', '50 49 0010203 1147', '50:49:0010203:1147 1148', '50:49:0010203:1147 и 50:49:0010203:1148', ''])('is none in %j', (text) =>
    expect(cadastralList(text)).toEqual([]),
  );
});

describe('the check of a cadastral number', () => {
  it.each(['77:01:0001001:12', '77:01:000100:1', '77:01:0001001', '', ' 77:01:0001001 ', '77:01: 0001001', undefined])('takes «%s»', (number) =>
    expect(cadastralProblem(number)).toBeUndefined(),
  );
  it.each(['77:01', '77:01:00010:1', '7:1:0001001:12', '77:01:0001001:', '77010001001', '77:01:0001001:12 34'])('names what is wrong with «%s»', (number) =>
    expect(cadastralProblem(number)).toMatch(/77:01:0001001:12/),
  );
});
