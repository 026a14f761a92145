const moscow = '+03:00';

/** The first moment of a day in Moscow, and the one after its last. */
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00${moscow}`).toISOString();
export const endOfDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00${moscow}`) + 24 * 3_600_000).toISOString();
