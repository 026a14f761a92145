import { describe, expect, it } from 'vitest';
import { orderPath, priceText, stageTone, nextStepText } from './orderTexts';

const plain = (text: string | undefined) => text?.replace(/\u00a0/g, ' ');

describe('a row of «Мои заказы»', { meta: { covers: ['R-CUST-3'] } }, () => {
  it('shows that there is no price', () => {
    expect(plain(priceText({ price: 1500000 }))).toBe('15 000 ₽');
    expect(priceText({})).toBe('стоимость не указана');
  });

  it('names who takes the next step', () => {
    expect(nextStepText('customer', 'customer')).toBe('Ваш шаг');
    expect(nextStepText('customer', 'engineer')).toBe('Шаг заказчика');
    expect(nextStepText(undefined, 'engineer')).toBeUndefined();
  });

  it('links the customer of a draft to its form, and others to the card', () => {
    expect(orderPath('7', 'draft', 'customer')).toBe('/orders/7/edit');
    expect(orderPath('7', 'draft', 'moderator')).toBe('/orders/7');
    expect(orderPath('7', 'selection', 'customer')).toBe('/orders/7');
  });

  it('marks suspended orders', () => {
    expect(stageTone('suspended')).toBe('held');
    expect(stageTone('work')).toBe('active');
  });
});
