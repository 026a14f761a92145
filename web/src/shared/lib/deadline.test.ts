import { describe, expect, it } from 'vitest';
import { formatDeadline } from './dates';
import { deadlineText } from './deadline';

const deadline = '2026-01-12T21:00:00Z';
const at = formatDeadline(deadline);

describe('the term of a step', { meta: { covers: ['S-34'] } }, () => {
  it('is told until when it runs, in the form of every deadline', () => {
    expect(deadlineText({ for: 'payment', deadline, overdue: false })).toBe(`до ${at}`);
    expect(deadlineText({ for: 'payment', overdue: false })).toBeUndefined();
  });

  it('is told since when it is over', () => {
    expect(deadlineText({ for: 'payment', deadline, overdue: true })).toBe(`Срок истёк ${at}`);
    expect(deadlineText({ for: 'payment', overdue: true })).toBe('Срок истёк');
  });

  it('is not the moderator’s whose decision is awaited, nor of the suspension', () => {
    for (const step of ['settlement', 'hold'])
      expect(deadlineText({ for: step, deadline, overdue: true })).toBe(`Срок прежнего шага истёк ${at}`);
  });
});
