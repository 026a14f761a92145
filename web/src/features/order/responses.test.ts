import { describe, expect, it } from 'vitest';
import { bestOf, canBeChosen, choiceLabel, laterText, type Response, sortResponses, untilText } from './responses';

const response = { engineer: { id: '1', name: 'Орлов А. Н.' }, price: 100_000, termDays: 30, current: true };
const suspended = 'Работодатель приостановил кадастрового инженера.';
const plain = (text: string | undefined) => text?.replace(/\u00a0/g, ' ');

describe('a response as a choice of the performer', () => {
  it('can be chosen if it is current and nothing forbids its author', () => {
    expect(canBeChosen(response)).toBe(true);
    expect(choiceLabel(response)).not.toContain('(');
  });

  it('cannot be chosen, and shows why, if its author may not take the order', () => {
    expect(canBeChosen({ ...response, reason: suspended })).toBe(false);
    expect(choiceLabel({ ...response, reason: suspended })).toContain(`(${suspended})`);
  });

  it('cannot be chosen, and shows why, if it is for former conditions', () => {
    expect(canBeChosen({ ...response, current: false })).toBe(false);
    expect(choiceLabel({ ...response, current: false })).toContain('(условия изменены после отклика)');
  });
});

describe('the term of a response', { meta: { covers: ['S-5', 'R-RESP-3'] } }, () => {
  it('in days is shown with the day that they mean', () => {
    expect(plain(untilText({ termDays: 15, termUntil: '2026-12-14' }))).toBe(
      'если выбрать сегодня: до 14 декабря 2026 г.',
    );
    expect(untilText({ termDate: '2026-12-14', termUntil: '2026-12-14' })).toBeUndefined();
    expect(plain(choiceLabel({ ...response, termUntil: '2026-12-29', daysLater: 5 }))).toBe(
      'Орлов А. Н.: 1 000,00 ₽, 30 дней, если выбрать сегодня: до 29 декабря 2026 г., на 5 дней позже, чем в заказе',
    );
  });

  it('is compared with the term of the order', () => {
    expect(plain(laterText({ daysLater: 5 }))).toBe('на 5 дней позже, чем в заказе');
    expect(plain(laterText({ daysLater: -1 }))).toBe('на 1 день раньше, чем в заказе');
    expect(laterText({})).toBeUndefined();
  });
});

describe('responses side by side', { meta: { covers: ['R-RESP-3'] } }, () => {
  const statistics = { marks: 0, reviews: 0, completed: 0, successful: 0, inWork: 0, refusals: 0, asked: 0 };
  const one = (name: string, price: number, termUntil: string, more: Partial<Response> = {}): Response => ({
    engineer: { id: name, name },
    current: true,
    price,
    termUntil,
    ...more,
  });
  const slow = one('А', 100, '2027-01-10', {
    statistics: { ...statistics, marks: 2, rating: 4.5, refusals: 1, asked: 2 },
  });
  const fast = one('Б', 300, '2026-12-09', { statistics: { ...statistics, asked: 4 } });
  const good = one('В', 200, '2026-12-30', {
    statistics: { ...statistics, marks: 1, rating: 5, refusals: 1, asked: 10 },
  });
  const names = (responses: readonly Response[]) => responses.map(({ engineer }) => engineer.name).join('');

  it('are sorted by price, term, rating and refusals, and who has no value comes last', () => {
    const all = [fast, good, slow];
    expect(names(sortResponses(all, 'price'))).toBe('АВБ');
    expect(names(sortResponses(all, 'term'))).toBe('БВА');
    expect(names(sortResponses(all, 'rating'))).toBe('ВАБ');
    expect(names(sortResponses(all, 'refusals'))).toBe('БВА');
    expect(names(sortResponses([one('Г', 1, '2026-12-01'), ...all], 'refusals'))).toBe('БВАГ');
  });

  it('have a best price and a soonest term among those that can be chosen', () => {
    expect(bestOf([slow, fast, good])).toEqual({ price: 100, termUntil: '2026-12-09' });
    expect(bestOf([{ ...slow, reason: suspended }, fast, good])).toEqual({ price: 200, termUntil: '2026-12-09' });
    expect(bestOf([slow, { ...fast, price: 100 }])).toEqual({ termUntil: '2026-12-09' });
    expect(bestOf([slow])).toEqual({});
  });
});
