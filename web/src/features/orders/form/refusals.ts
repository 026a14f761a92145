import { problemOf, ProblemError, type Problem } from '@/shared/api/problem';
import type { OrderFormValues } from './values';

/** Refusals of the order that are about one field, by their codes. */
const fieldOf: Record<string, string> = { term_invalid: 'details.termDate', price_invalid: 'details.price' };

/** The API's refusal with its messages at the fields that are on the screen: of the two for the term only one is. */
export function atFields(error: unknown, termBy: OrderFormValues['termBy']): ProblemError {
  const problem = problemOf(error);
  const field = fieldOf[problem.code];
  const errors = problem.errors ?? (field ? [{ field, message: problem.detail }] : []);
  return new ProblemError({
    ...problem,
    errors: errors.map((one) => ({ ...one, field: shown(one.field, termBy) })),
  } satisfies Problem);
}

function shown(field: string, termBy: OrderFormValues['termBy']): string {
  const term = field === 'details.termDate' || field === 'details.termDays';
  return term ? (termBy === 'days' ? 'details.termDays' : 'details.termDate') : field;
}
