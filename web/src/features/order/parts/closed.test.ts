import { describe, expect, it } from 'vitest';
import { closingText } from '@/shared/lib/openOrders';
import { bidText, isClosed } from './Closed';

describe('an order that is closed while an engineer views it', () => {
  it('shows what happened to it', () => {
    expect(closingText('cancelled')).toBe('Заказчик отменил заказ');
    expect(closingText('contract')).toBe('Выбран другой исполнитель');
    expect(closingText('selection')).toBeUndefined();
    expect(closingText(undefined)).toBeUndefined();
  });

  it('is closed to engineers who only found it, and not to its parties or to responders', () => {
    const found = { party: false, stage: { code: 'selection' as const, label: '', heading: '' } };
    const own = [{ engineer: { id: '1', name: '' }, price: 1, current: true }];
    expect(isClosed(found, true)).toBe(true);
    expect(isClosed(found, false)).toBe(false);
    expect(isClosed({ ...found, party: true }, true)).toBe(false);
    expect(isClosed({ ...found, responses: own }, true)).toBe(false);
    expect(
      isClosed({ ...found, offer: { engineer: { id: '1', name: '' }, expires: '2026-12-01T00:00:00Z' } }, true),
    ).toBe(false);
    expect(isClosed({ ...found, stage: { ...found.stage, code: 'contract' as const } }, true)).toBe(false);
  });

  it('shows the response that was being written', () => {
    const text = bidText({ term: 'days', details: { price: '25 000', termDays: 20 }, text: { note: 'Готов выехать' } });
    expect(text.replace(/\u00a0/g, ' ')).toBe('Стоимость: 25 000,00 ₽\nСрок: 20 дней\nГотов выехать');
    expect(bidText({ term: 'days', details: { price: 'сорок', termDays: 'много' } })).toBe(
      'Стоимость: сорок\nСрок: не указан',
    );
  });
});
