// Amounts are integers in kopecks everywhere but on the screen.

const roubles = new Intl.NumberFormat('ru-RU', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholeRoubles = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 0 });

/** Formats kopecks: formatMoney(123450) is «1 234,50 ₽», with non-breaking spaces. */
export function formatMoney(kopecks: number): string {
  return `${roubles.format(kopecks / 100)}\u00a0₽`.replace(/\u202f/g, '\u00a0');
}

/** Formats kopecks for lists: as formatMoney, but without «,00» for whole roubles. */
export function formatMoneyShort(kopecks: number): string {
  if (kopecks % 100 !== 0) return formatMoney(kopecks);
  return `${wholeRoubles.format(kopecks / 100)}\u00a0₽`.replace(/\u202f/g, '\u00a0');
}

/** Matches amounts of up to 9 digits of roubles, which are exact as numbers. */
const amount = /^([0-9]{1,9}|[0-9]{1,3}(?: [0-9]{3}){1,2})(?:[.,]([0-9]{1,2}))?$/;

/**
 * Parses a typed amount («1 234,5», «1234.50 руб.») to kopecks; undefined if it is no amount.
 * Spaces may separate thousands only.
 */
export function parseMoney(text: string): number | undefined {
  const bare = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?(₽|руб\.?|р\.)$/i, '');
  const match = amount.exec(bare);
  if (!match?.[1]) return undefined;
  return Number(match[1].replaceAll(' ', '')) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** Formats kopecks as the value of a field: «1234,50». */
export function amountText(kopecks: number): string {
  if (kopecks % 100 === 0) return String(kopecks / 100);
  return `${Math.floor(kopecks / 100)},${String(kopecks % 100).padStart(2, '0')}`;
}
