import { describe, expect, it } from 'vitest';
import { cadastralProblem, maskCadastral } from './cadastral';

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
    ['77:01:0001001:123456789012', '77:01:0001001:1234567890'],
    ['', ''],
  ])('makes of «%s» «%s»', (typed, shown) => expect(maskCadastral(typed)).toBe(shown));

  it('leaves alone what it made', () => {
    for (const number of ['77:01:0001001:12', '77:01:000100:1', '77:01:0001001']) expect(maskCadastral(number)).toBe(number);
  });
});

describe('the check of a cadastral number', () => {
  it.each(['77:01:0001001:12', '77:01:000100:1', '77:01:0001001', '', ' 77:01:0001001 ', undefined])('takes «%s»', (number) =>
    expect(cadastralProblem(number)).toBeUndefined(),
  );
  it.each(['77:01', '77:01:00010:1', '7:1:0001001:12', '77:01:0001001:', '77010001001'])('names what is wrong with «%s»', (number) =>
    expect(cadastralProblem(number)).toMatch(/77:01:0001001:12/),
  );
});
