/** Where the values come from with which a form begins. */
export type Origin = 'draft' | 'last' | 'platform';

interface Sources<Values> {
  /** What the user typed on this device. */
  draft: Values | undefined;
  /** The form of the last document that he had made, on any device. */
  last: Values | undefined;
  /** What the platform fills in. */
  filled: Values;
}

/**
 * Returns the values with which the form of a generated document begins. They are of one source; a draft
 * has those of the platform where it says nothing.
 */
export function startOf<Values extends object>({
  draft,
  last,
  filled,
}: Sources<Values>): {
  values: Values;
  origin: Origin;
} {
  if (draft) return { values: { ...filled, ...draft }, origin: 'draft' };
  return last ? { values: last, origin: 'last' } : { values: filled, origin: 'platform' };
}
