import { describe, expect, it } from 'vitest';
import { formatDeadline } from './dates';
import { deadlineText } from './deadline';

const deadline = '2026-01-12T21:00:00Z';
const at = formatDeadline(deadline);

describe('the deadline of a step', { meta: { covers: ['S-34'] } }, () => {
  it('is shown in the format of every deadline while it is open', () => {
    expect(deadlineText({ for: 'payment', deadline, overdue: false })).toBe(`до ${at}`);
    expect(deadlineText({ for: 'payment', overdue: false })).toBeUndefined();
  });

  it('is shown as overdue after it has passed', () => {
    expect(deadlineText({ for: 'payment', deadline, overdue: true })).toBe(`Срок истёк ${at}`);
    expect(deadlineText({ for: 'payment', overdue: true })).toBe('Срок истёк');
  });

  it('belongs to the former step during a dispute or a suspension', () => {
    for (const step of ['settlement', 'hold'])
      expect(deadlineText({ for: step, deadline, overdue: true })).toBe(`Срок прежнего шага истёк ${at}`);
  });
});
