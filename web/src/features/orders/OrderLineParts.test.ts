import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { formatDeadline } from '@/shared/lib/dates';
import { Waiting } from './OrderLineParts';
import type { OrderLine } from './queries';

const shown = (line: Partial<OrderLine>) =>
  renderToStaticMarkup(createElement(Waiting, { line: line as OrderLine, role: 'engineer' }));

describe('the next step of an order in a list', () => {
  it('has the deadline formatted as on the card', () => {
    const deadline = '2026-01-12T21:00:00Z';
    const waits = { for: 'results', what: 'результатов работ', from: 'engineer', deadline } as const;
    expect(shown({ waits: { ...waits, overdue: false } })).toContain(`до ${formatDeadline(deadline)}`);
    expect(shown({ waits: { ...waits, overdue: true } })).toContain(`Срок истёк ${formatDeadline(deadline)}`);
  });

  it('is a step of the head for a colleague who may not sign', () => {
    const waits = { for: 'contract-signature', what: 'подписи', from: 'engineer', overdue: false } as const;
    expect(shown({ waits: { ...waits, forHead: true } })).toContain('Шаг руководителя организации');
    expect(shown({ waits })).toContain('Ваш шаг');
  });

  it('is that another engineer was chosen for one who was not', () =>
    expect(shown({ otherChosen: true })).toBe('Выбран другой исполнитель'));
});
