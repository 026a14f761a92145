import { describe, expect, it } from 'vitest';
import { activeSection } from './activeSection';
import type { Page } from './page';

const nothing = () => Promise.reject(new Error('not loaded here'));
const page = (path: string, more: Partial<Page> = {}): Page => ({
  path,
  title: path,
  help: nothing,
  load: nothing,
  ...more,
});

const mine = page('/orders', { section: 'Мои заказы' });
const search = page('/orders/search', { section: 'Поиск по заказам' });
const card = page('/orders/:order', { within: ['/orders', '/orders/all', '/orders/search'] });

describe('the active section', () => {
  it('is the page itself if it is a section', () =>
    expect(activeSection(search, [mine, search], null)).toBe('/orders/search'));

  it('is the section that led to the page', () => {
    expect(activeSection(card, [mine, search], { section: '/orders/search' })).toBe('/orders/search');
    expect(activeSection(card, [mine, search], null)).toBe('/orders');
  });

  it('is a section of the role', () => {
    expect(activeSection(card, [page('/orders/all')], { section: '/orders/search' })).toBe('/orders/all');
    expect(activeSection(page('/profile'), [mine, search], null)).toBeUndefined();
  });
});
