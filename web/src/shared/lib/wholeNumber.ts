/** A whole number as people type it: digits alone. Anything else («1,5», «10-14», «1e3») is none, and is never read as if it were. */
export function parseWhole(text: string): number | undefined {
  const bare = text.trim();
  return /^[0-9]{1,9}$/.test(bare) ? Number(bare) : undefined;
}

/** The number of a field's value: what is none is kept as it was typed, and a filter's comes out of the address as text. */
export function wholeOf(value: number | string | undefined): number | undefined {
  return typeof value === 'string' ? parseWhole(value) : value;
}
