import { describe, expect, it } from 'vitest';
import { differenceText } from './ContractDifferences';

const plain = (text: string) => text.replace(/\u00a0/g, ' ');

describe('a difference between a contract and what was agreed', { meta: { covers: ['S-5'] } }, () => {
  it('is shown with the former and the new value', () => {
    expect(plain(differenceText({ field: 'price', from: 'response', wasAmount: 90_00, isAmount: 100_00 }))).toBe(
      'Стоимость в договоре 100,00 ₽, в отклике была 90,00 ₽.',
    );
  });

  it('is counted in days for a term agreed in days', () => {
    expect(
      plain(
        differenceText({
          field: 'term',
          from: 'response',
          wasDays: 30,
          wasDate: '2026-04-17',
          isDate: '2026-05-27',
          days: 40,
        }),
      ),
    ).toBe(
      'Срок в договоре до 27 мая 2026 г.: на 40 дней позже. В отклике было 30 дней с выбора исполнителя, до 17 апреля 2026 г.',
    );
    expect(
      plain(
        differenceText({ field: 'term', from: 'conditions', wasDate: '2026-04-17', isDate: '2026-04-16', days: -1 }),
      ),
    ).toContain('на 1 день раньше');
  });

  it('shows in which direction ГКУ/ГРП differs', () => {
    expect(differenceText({ field: 'registration', from: 'conditions', is: true })).toContain('в заказе её не было');
    expect(differenceText({ field: 'registration', from: 'conditions' })).toContain('В договоре нет');
  });

  it('warns that silence accepts the works', { meta: { covers: ['S-22'] } }, () => {
    expect(plain(differenceText({ field: 'silence', from: 'conditions', days: 5 }))).toContain('за 5 рабочих дней');
  });

  it('warns of a term in the past', () => {
    expect(plain(differenceText({ field: 'term-passed', from: 'response', isDate: '2026-03-01' }))).toContain(
      '1 марта 2026 г., уже прошёл',
    );
  });
});
