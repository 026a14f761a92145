import { describe, expect, it } from 'vitest';
import { orderPath, priceText, stageTone, turnText } from './orderTexts';

const plain = (text: string | undefined) => text?.replace(/\u00a0/g, ' ');

describe('a line of «Мои заказы»', { meta: { covers: ['R-CUST-3'] } }, () => {
  it('does not invent a price', () => {
    expect(plain(priceText({ price: 1500000 }))).toBe('15 000 ₽');
    expect(priceText({})).toBe('стоимость не указана');
  });

  it('says whose step it is', () => {
    expect(turnText('customer', 'customer')).toBe('Ваш шаг');
    expect(turnText('customer', 'engineer')).toBe('Шаг заказчика');
    expect(turnText(undefined, 'engineer')).toBeUndefined();
  });

  it('leads the customer of a draft to its form, and others to the card', () => {
    expect(orderPath('7', 'draft', 'customer')).toBe('/orders/7/edit');
    expect(orderPath('7', 'draft', 'moderator')).toBe('/orders/7');
    expect(orderPath('7', 'selection', 'customer')).toBe('/orders/7');
  });

  it('marks what is held', () => {
    expect(stageTone('suspended')).toBe('held');
    expect(stageTone('work')).toBe('active');
  });
});
