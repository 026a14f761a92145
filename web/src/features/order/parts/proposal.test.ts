import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { MemoryRouter } from 'react-router';
import { describe, expect, it } from 'vitest';
import type { OrderCard } from '@/shared/api/order';
import { Proposal } from './Proposal';

function shown(own: boolean, kinds: string[]): string {
  const actions = kinds.map((kind) => ({ kind, title: kind, open: true }));
  const card = {
    actions,
    proposal: { kind: 'propose-termination', by: 'customer', own, note: 'Участок продан' },
  } as unknown as OrderCard;
  return renderToStaticMarkup(
    createElement(MemoryRouter, null, createElement(Proposal, { card, onOpen: () => undefined })),
  );
}

describe('a proposal on the card', () => {
  it('shows its reason and both answers with the same emphasis to the party that may answer', () => {
    const text = shown(false, ['agree-termination', 'refuse-termination', 'submit-results']);
    expect(text).toContain('Заказчик предлагает прекратить договор');
    expect(text).toContain('«Участок продан»');
    expect(text).toContain('Вы можете согласиться или не согласиться');
    const classes = [...text.matchAll(/<button[^>]*class="([^"]*)"/g)].map(([, className]) => className);
    expect(classes).toHaveLength(2);
    expect(classes[0]).toBe(classes[1]);
    expect(classes[0]).not.toMatch(/primary|dangerous/);
  });

  it('shows its author that the other party may answer', () => {
    const text = shown(true, ['withdraw-proposal']);
    expect(text).toContain('Вы предложили прекратить договор');
    expect(text).toContain('Другая сторона может согласиться');
  });

  it('offers no answers to observers', () => expect(shown(false, [])).toContain('Другая сторона может согласиться'));
});
