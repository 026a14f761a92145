import { describe, expect, it } from 'vitest';
import { experienceText, initials, priceText, progressText, ratingText, refusalsText, type Statistics } from './labels';
import { comparePath } from './paths';

const statistics: Statistics = {
  marks: 0,
  reviews: 0,
  completed: 0,
  successful: 0,
  inWork: 0,
  refusals: 0,
  asked: 0,
};

describe('an engineer in the list', { meta: { covers: ['R-CUST-8', 'R-GEN-7'] } }, () => {
  it('has a rating with one or two decimals', () => {
    expect(ratingText(5)).toBe('5,0');
    expect(ratingText(4.67)).toBe('4,67');
  });

  it('says what is missing instead of a number', () => {
    expect(experienceText({})).toBe('—');
    expect(experienceText({ experience: 0 })).toBe('меньше года');
    expect(experienceText({ experience: 21 })).toBe('21\u00a0год');
    expect(priceText(undefined)).toBe('по договоренности');
    expect(progressText(statistics)).toBe('заказов в работе нет');
    expect(refusalsText(statistics)).toBe('заказов ещё не предлагали');
    expect(refusalsText({ ...statistics, refusals: 2, asked: 40 })).toBe('2 из 40 (5\u00a0%)');
  });

  it('shows initials without a photo', () => {
    expect(initials('Римский-Корсаков Ян')).toBe('РЯ');
  });
});

it('compares four engineers at most', { meta: { covers: ['R-CUST-7'] } }, () => {
  expect(comparePath(['a', 'b', 'c', 'd', 'e'])).toBe('/engineers/compare?id=a&id=b&id=c&id=d');
});
