import { describe, expect, it } from 'vitest';
import { recompute, snapToShare } from '@/features/order/advance';
import type { ContractForm } from './queries';
import { type ContractValues, formOf, valuesOf } from './values';

const form: ContractForm = {
  number: '77-1',
  place: 'Москва',
  representative: false,
  representativeName: '',
  representativePosition: '',
  basis: 'лист записи ЕГРИП',
  customerRepresentative: '',
  customerPosition: '',
  customerBasis: '',
  object: 'Участок',
  result: 'Межевой план',
  email: 'a@example.ru',
  phone: '+79001112233',
  termDate: '2026-12-24',
  price: 1_000_001,
  advanceBasisPoints: 0,
  advance: 0,
  prepaymentDays: 5,
  acceptanceDays: 10,
  paymentDays: 5,
  registration: true,
  silentAcceptance: false,
};

/** What the fields of the amounts do when a person types into one of them. */
const typed = (values: ContractValues, field: 'price' | 'percent' | 'advance' | 'remainder', text: string) => {
  const { price, advanceBasisPoints: percent, advance, remainder } = values;
  const next = recompute(field, { price, percent, advance, remainder, [field]: text });
  const texts = field === 'advance' || field === 'remainder' ? snapToShare(next) : next;
  return {
    ...values,
    price: texts.price,
    advanceBasisPoints: texts.percent,
    advance: texts.advance,
    remainder: texts.remainder,
  };
};

describe('the form of a generated contract', { meta: { covers: ['R-CONTR-2'] } }, () => {
  it('is sent as it came if nothing was typed', () => {
    expect(formOf(valuesOf(form))).toEqual(form);
    expect(formOf(valuesOf({ ...form, advanceBasisPoints: 3000, advance: 300_000 }))).toEqual({
      ...form,
      advanceBasisPoints: 3000,
      advance: 300_000,
    });
  });

  it('leaves the price empty until it is agreed, so that 0 is not taken for a price', () => {
    expect(valuesOf({ ...form, price: 0 })).toMatchObject({ price: '', advance: '0' });
  });

  it.each([
    ['percent', '30', { advanceBasisPoints: 3000, advance: 300_000, price: 1_000_001 }, '7000,01'],
    ['percent', '33,33', { advanceBasisPoints: 3333, advance: 333_300, price: 1_000_001 }, '6667,01'],
    ['advance', '2500', { advanceBasisPoints: 2500, advance: 250_000, price: 1_000_001 }, '7500,01'],
    ['remainder', '5000,01', { advanceBasisPoints: 5000, advance: 500_000, price: 1_000_001 }, '5000,01'],
  ] as const)('adds up when the %s becomes %s', (field, text, sent, remainder) => {
    const values = typed(valuesOf(form), field, text);
    expect(formOf(values)).toMatchObject(sent);
    expect(values.remainder).toBe(remainder);
    expect(sent.advance + Math.round(Number(remainder.replace(',', '.')) * 100)).toBe(sent.price);
  });

  it('keeps the share when the price changes', () => {
    const values = typed(typed(valuesOf(form), 'percent', '30'), 'price', '20 000');
    expect(formOf(values)).toMatchObject({ price: 2_000_000, advanceBasisPoints: 3000, advance: 600_000 });
    expect(values.remainder).toBe('14000');
  });

  it('names the attachment by its reference, and none if it was removed', () => {
    const file = { id: 'f', sha256: 'sum', name: 'план.pdf', size: 1 };
    expect(formOf({ ...valuesOf(form), attachment: [file] }).attachment).toEqual({ id: 'f', sha256: 'sum' });
    const named = { ...form, attachment: { id: 'f', sha256: 'sum' } };
    expect(formOf(valuesOf(named, file)), 'that of the last contract').toEqual(named);
    expect(formOf({ ...valuesOf(form), attachment: [] })).not.toHaveProperty('attachment');
  });
});
