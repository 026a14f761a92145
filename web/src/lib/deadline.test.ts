import { describe, expect, it } from 'vitest';
import { overdueText } from './deadline';

const day = (moment: string) => moment.slice(0, 10);

describe('an overdue step (S-34)', () => {
  it('says since when', () => {
    expect(overdueText({ for: 'payment', deadline: '2026-01-12T09:00:00Z', overdue: true }, day)).toBe('Срок истёк 2026-01-12');
    expect(overdueText({ for: 'payment', overdue: true }, day)).toBe('Срок истёк');
  });

  it('is not the moderator’s whose decision is awaited, nor of the suspension', () => {
    for (const code of ['settlement', 'hold']) {
      expect(overdueText({ for: code, deadline: '2026-01-12T09:00:00Z', overdue: true }, day)).toBe('Срок прежнего шага истёк 2026-01-12');
    }
  });

  it('is none while its term runs', () => {
    expect(overdueText({ for: 'payment', deadline: '2026-01-12T09:00:00Z', overdue: false }, day)).toBeUndefined();
  });
});
