import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { MemoryRouter } from 'react-router';
import { describe, expect, it } from 'vitest';
import type { OrderCard } from '@/shared/api/order';
import { Replacement } from './Replacement';

function shown(kinds: string[], more: Partial<NonNullable<OrderCard['replacement']>> = {}): string {
  const card = {
    actions: kinds.map((kind) => ({ kind, title: kind, open: true })),
    replacement: {
      engineer: { id: 'e', name: 'Орлов Алексей', employer: 'ООО «Межа»' },
      since: '2026-03-16T09:00:00Z',
      note: 'Знает участок',
      ...more,
    },
  } as unknown as OrderCard;
  return renderToStaticMarkup(
    createElement(MemoryRouter, null, createElement(Replacement, { card, onOpen: () => undefined })),
  );
}

describe('a proposed replacement on the card', { meta: { covers: ['S-17'] } }, () => {
  it('names the engineer to the parties', () => {
    const text = shown([]);
    expect(text).toContain('Предложена замена исполнителя: Орлов Алексей');
    expect(text).toContain('«Знает участок»');
    expect(text).toContain('ещё не ответил');
    expect(text).not.toContain('<button');
  });

  it('asks the proposed engineer and shows both answers', () => {
    const text = shown(['agree-replacement', 'decline-replacement', 'submit-results']);
    expect(text).toContain('Вам предлагают заменить исполнителя');
    expect(text.match(/<button/g)).toHaveLength(2);
  });

  it('leads to the moderator after the agreement', () =>
    expect(shown(['approve-replacement', 'reject-replacement'], { agreed: '2026-03-17T09:00:00Z' })).toContain(
      'Решение за модератором',
    ));

  it('says why it has no effect any more, without answers', () => {
    const text = shown(['withdraw-replacement'], { void: true, reason: 'Кадастровый инженер заблокирован.' });
    expect(text).toContain('Предложение больше не действует. Кадастровый инженер заблокирован.');
    expect(text).not.toContain('<button');
  });

  it('says why an open one cannot be approved now', () =>
    expect(shown([], { reason: 'Другой регион.' })).toContain('Сейчас заменить исполнителя нельзя. Другой регион.'));
});
