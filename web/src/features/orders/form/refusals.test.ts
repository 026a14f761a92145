import { describe, expect, it } from 'vitest';
import { ProblemError, noConnection } from '@/shared/api/problem';
import { atFields } from './refusals';

const refusal = (code: string, errors?: { field: string; message: string }[]) =>
  new ProblemError({ ...noConnection(), status: 409, code, detail: 'Причина.', ...(errors && { errors }) });

describe('a refusal of the form', () => {
  it('stands at the term that is on the screen', () => {
    const error = refusal('invalid', [
      { field: 'details.termDate', message: 'Укажите срок.' },
      { field: 'text.address', message: 'Заполните.' },
    ]);
    expect(atFields(error, 'days').problem.errors?.map(({ field }) => field)).toEqual([
      'details.termDays',
      'text.address',
    ]);
    expect(atFields(error, 'date').problem.errors?.[0]?.field).toBe('details.termDate');
  });

  it('of the order itself stands at its field too', () => {
    expect(atFields(refusal('term_invalid'), 'date').problem.errors).toEqual([
      { field: 'details.termDate', message: 'Причина.' },
    ]);
    expect(atFields(refusal('price_invalid'), 'date').problem.errors?.[0]?.field).toBe('details.price');
    expect(atFields(refusal('order_suspended'), 'date').problem.errors).toEqual([]);
  });
});
