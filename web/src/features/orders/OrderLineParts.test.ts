import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { formatDeadline } from '@/shared/lib/dates';
import { Waiting } from './OrderLineParts';
import type { OrderLine } from './queries';

const shown = (line: Partial<OrderLine>) =>
  renderToStaticMarkup(createElement(Waiting, { line: line as OrderLine, role: 'engineer' }));

describe('what an order of a list waits for', () => {
  it('has the deadline in the words of the card', () => {
    const deadline = '2026-01-12T21:00:00Z';
    const waits = { for: 'results', what: 'результатов работ', from: 'engineer', deadline };
    expect(shown({ waits: { ...waits, overdue: false } })).toContain(`до ${formatDeadline(deadline)}`);
    expect(shown({ waits: { ...waits, overdue: true } })).toContain(`Срок истёк ${formatDeadline(deadline)}`);
  });

  it('is another’s business for who was not chosen', () =>
    expect(shown({ otherChosen: true })).toBe('Выбран другой исполнитель'));
});
