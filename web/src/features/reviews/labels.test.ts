import { describe, expect, it } from 'vitest';
import { progressText, ratingText, refusalsText, type Statistics } from './labels';

const statistics: Statistics = {
  marks: 0,
  reviews: 0,
  completed: 0,
  successful: 0,
  inWork: 0,
  refusals: 0,
  asked: 0,
};

describe('the numbers of an engineer', { meta: { covers: ['R-CUST-8', 'R-GEN-7'] } }, () => {
  it('have a rating with one or two decimals', () => {
    expect(ratingText(5)).toBe('5,0');
    expect(ratingText(4.67)).toBe('4,67');
  });

  it('say what is missing instead of a number', () => {
    expect(progressText(statistics)).toBe('заказов в работе нет');
    expect(refusalsText(statistics)).toBe('заказов ещё не предлагали');
    expect(refusalsText({ ...statistics, refusals: 2, asked: 40 })).toBe('2 из 40 (5\u00a0%)');
  });
});
