import { describe, expect, it } from 'vitest';
import { type ProblemCode, ProblemError, noConnection } from '@/shared/api/problem';
import { withVisibleFields } from './fieldErrors';

const refusal = (code: ProblemCode, errors?: { field: string; message: string }[]) =>
  new ProblemError({ ...noConnection(), status: 409, code, detail: 'Причина.', ...(errors && { errors }) });

describe('the errors of a refused form', () => {
  it('are assigned to the visible term field', () => {
    const error = refusal('validation_failed', [
      { field: 'details.termDate', message: 'Укажите срок.' },
      { field: 'text.address', message: 'Заполните.' },
    ]);
    expect(withVisibleFields(error, 'days').problem.errors?.map(({ field }) => field)).toEqual([
      'details.termDays',
      'text.address',
    ]);
    expect(withVisibleFields(error, 'date').problem.errors?.[0]?.field).toBe('details.termDate');
  });

  it('are derived from a refusal of the order that concerns one field', () => {
    expect(withVisibleFields(refusal('term_invalid'), 'date').problem.errors).toEqual([
      { field: 'details.termDate', message: 'Причина.' },
    ]);
    expect(withVisibleFields(refusal('price_invalid'), 'date').problem.errors?.[0]?.field).toBe('details.price');
    expect(withVisibleFields(refusal('order_suspended'), 'date').problem.errors).toEqual([]);
  });
});
