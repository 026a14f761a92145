import { describe, expect, it } from 'vitest';
import { experienceText, initials, priceText } from './labels';
import { comparePath } from './paths';

describe('an engineer in the list', { meta: { covers: ['R-CUST-8', 'R-GEN-7'] } }, () => {
  it('says what is missing instead of a number', () => {
    expect(experienceText({})).toBe('—');
    expect(experienceText({ experience: 0 })).toBe('меньше года');
    expect(experienceText({ experience: 21 })).toBe('21\u00a0год');
    expect(priceText(undefined)).toBe('по договоренности');
  });

  it('shows initials without a photo', () => {
    expect(initials('Римский-Корсаков Ян')).toBe('РЯ');
  });
});

it('compares four engineers at most', { meta: { covers: ['R-CUST-7'] } }, () => {
  expect(comparePath(['a', 'b', 'c', 'd', 'e'])).toBe('/engineers/compare?id=a&id=b&id=c&id=d');
});
