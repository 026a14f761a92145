/**
 * Parses a typed whole number: digits only. Any other text («1,5», «10-14», «1e3») is undefined.
 */
export function parseWholeNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[0-9]{1,9}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/**
 * Returns the number of a field's value. The value is a text if it was typed wrong or comes from a
 * filter in the address.
 */
export function toWholeNumber(value: number | string | undefined): number | undefined {
  return typeof value === 'string' ? parseWholeNumber(value) : value;
}
