const moscow = '+03:00';

/** Return the first moment of a day in Moscow, and the first moment of the next day. */
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00${moscow}`).toISOString();
export const endOfDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00${moscow}`) + 24 * 3_600_000).toISOString();
