import { problemOf, ProblemError, type Problem } from '@/shared/api/problem';
import type { OrderFormValues } from './values';

/** The field that a refusal of the order concerns, by its code. */
const fieldOf: Record<string, string> = { term_invalid: 'details.termDate', price_invalid: 'details.price' };

/**
 * Returns the problem with its messages assigned to visible fields: of the two term fields only one
 * is visible.
 */
export function withVisibleFields(error: unknown, termBy: OrderFormValues['termBy']): ProblemError {
  const problem = problemOf(error);
  const field = fieldOf[problem.code];
  const errors = problem.errors ?? (field ? [{ field, message: problem.detail }] : []);
  return new ProblemError({
    ...problem,
    errors: errors.map((one) => ({ ...one, field: visibleField(one.field, termBy) })),
  } satisfies Problem);
}

function visibleField(field: string, termBy: OrderFormValues['termBy']): string {
  const term = field === 'details.termDate' || field === 'details.termDays';
  return term ? (termBy === 'days' ? 'details.termDays' : 'details.termDate') : field;
}
